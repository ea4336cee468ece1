import { getHealth } from '@switchyard/shared/contracts/system.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from './api-error.ts';
import { call } from './call.ts';
import { letIn, useSession } from './session.ts';

/** Answers the next fetch and returns the request it received. */
function answer(reply: () => Response | Promise<Response>) {
  const sent: { url: string; init: RequestInit }[] = [];
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    sent.push({ url, init });
    return Promise.resolve().then(reply);
  });
  return sent;
}
const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

afterEach(() => vi.unstubAllGlobals());

describe('call', () => {
  it('sends the body as JSON and returns the response', async () => {
    const sent = answer(() => Response.json({ id: 'w1' }, { status: 201 }));
    expect(await call(createWorkflow, { body: { name: 'A' } })).toEqual({ id: 'w1' });
    expect(sent[0]).toMatchObject({ url: '/api/workflows', init: { method: 'POST', body: '{"name":"A"}', headers: { 'content-type': 'application/json' } } });
  });

  it('returns undefined for an empty response', async () => {
    answer(() => new Response(null, { status: 204 }));
    expect(await call(getHealth)).toBeUndefined();
  });

  it('throws the server’s error', async () => {
    answer(() => Response.json({ code: 'bad-request', status: 400, title: 'Bad', detail: 'No name.' }, { status: 400 }));
    expect(await caught(call(getHealth))).toMatchObject({ code: 'bad-request', detail: 'No name.' });
  });

  it('reports that the server can’t be reached', async () => {
    answer(() => {
      throw new TypeError('Failed to fetch');
    });
    const thrown = await caught(call(getHealth));
    expect(thrown).toBeInstanceOf(ApiError);
    expect(thrown).toMatchObject({ code: 'offline', status: 0 });
  });

  it('waits for a sign-in if one is required, then repeats the same call', async () => {
    letIn(true);
    const replies = [Response.json({ code: 'unauthorized', title: 'Sign in to continue' }, { status: 401 }), Response.json({ id: 'w1' }, { status: 201 })];
    const sent = answer(() => replies.shift() ?? new Response());
    const created = call(createWorkflow, { body: { name: 'Typed before' } });
    await expect.poll(() => useSession.getState().phase).toBe('out');
    letIn(true);
    expect(await created).toEqual({ id: 'w1' });
    expect(sent.map(({ init }) => init.body)).toEqual(['{"name":"Typed before"}', '{"name":"Typed before"}']);
  });

  it('asks for no second sign-in if the call was rejected before the first', async () => {
    letIn(true);
    const refused = Response.json({ code: 'unauthorized', title: 'Sign in to continue' }, { status: 401 });
    const replies = [refused, Response.json({ status: 'ok' })];
    answer(() => {
      if (replies.length === 2) letIn(true);
      return replies.shift() ?? new Response();
    });
    expect(await call(getHealth)).toEqual({ status: 'ok' });
    expect(useSession.getState().phase).toBe('in');
  });

  it('stops waiting when its caller aborts', async () => {
    letIn(true);
    answer(() => Response.json({ code: 'unauthorized', title: 'Sign in to continue' }, { status: 401 }));
    const given = new AbortController();
    const waiting = caught(call(getHealth, { signal: given.signal }));
    await expect.poll(() => useSession.getState().phase).toBe('out');
    given.abort();
    expect(await waiting).toMatchObject({ name: 'AbortError' });
  });

  it('aborts with its caller', async () => {
    const given = new AbortController();
    given.abort();
    answer(() => {
      throw new DOMException('aborted', 'AbortError');
    });
    expect(await caught(call(getHealth, { signal: given.signal }))).toMatchObject({ name: 'AbortError' });
  });
});
