import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import { authorizeConnection, createConnection, listConnections, rotateConnection, updateConnection } from '@switchyard/shared/contracts/models.ts';
import { cancelRun } from '@switchyard/shared/contracts/runs.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FakeOAuth, fakeClient, startFakeOAuth } from '../kit/fake-oauth.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { begin, ended, stepOf, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

let server: TestServer;
let fake: FakeOAuth;
beforeAll(async () => {
  server = await startTestServer({ env: { EGRESS_ALLOW: '127.0.0.1' } });
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  fake = await startFakeOAuth();
  return () => fake[Symbol.asyncDispose]();
});

let made = 0;
const connect = async (changes: object = {}) => {
  const auth = {
    scheme: 'oauth2' as const,
    grant: 'authorization-code' as const,
    authorizeUrl: `${fake.url}/authorize`,
    tokenUrl: `${fake.url}/token`,
    clientId: fakeClient.id,
    scopes: ['read', 'write'],
    parameters: { access_type: 'offline' },
    ...changes,
  };
  made += 1;
  return server.call(createConnection, { body: { name: `Mail ${made}`, kind: 'http', baseUrl: fake.url, secret: fakeClient.secret, auth } });
};
const finish = (url: string) => fetch(url, { redirect: 'manual' });
const signIn = async (id: string) => {
  const { url } = await server.call(authorizeConnection, { params: { id } });
  return finish(await fake.consent(url ?? ''));
};
const read = async (id: string) => (await server.call(listConnections, { query: { limit: 1000 } })).items.find((one) => one.id === id);
const calling = (connectionId: string, method = 'GET'): Graph => {
  const graph = requestGraph(`${fake.url}/api`, method);
  return {
    ...graph,
    nodes: graph.nodes.map((node) => (node.type === 'tool' ? { ...node, data: { ...node.data, params: { ...node.data.params, connectionId } } } : node)),
  };
};

describe('a sign-in', () => {
  test('asks with PKCE for the scopes, and stores tokens that never come back', async () => {
    const { id, signIn: before } = await connect();
    expect(before).toMatchObject({ status: 'signed-out' });
    const { url } = await server.call(authorizeConnection, { params: { id } });
    const asked = new URL(url ?? '').searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      client_id: fakeClient.id,
      redirect_uri: `${server.base}/api/oauth/callback`,
      scope: 'read write',
      code_challenge_method: 'S256',
      access_type: 'offline',
    });
    const answer = await finish(await fake.consent(url ?? ''));
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `/settings/connections?signIn=done&id=${id}`]);
    const shown = await read(id);
    expect(shown).toMatchObject({ account: 'ada@nordlicht.example', signIn: { status: 'connected', renews: true, scopes: ['read', 'write'] } });
    expect(JSON.stringify(shown)).not.toMatch(/access-|refresh-|lease|sealed/i);
    const changes = await server.call(listChanges, { query: { subject: `connection:${id}` } });
    expect(changes.items[0]).toMatchObject({ action: 'sign-in', after: { signedIn: true, account: 'ada@nordlicht.example' } });
  });

  test('is completed once, with its own state', async () => {
    const { id } = await connect();
    const { url } = await server.call(authorizeConnection, { params: { id } });
    const back = await fake.consent(url ?? '');
    const forged = new URL(back);
    forged.searchParams.set('state', 'another');
    expect((await finish(forged.href)).headers.get('location')).toBe('/settings/connections?signIn=expired');
    expect((await finish(back)).headers.get('location')).toContain('signIn=done');
    expect((await finish(back)).headers.get('location')).toBe('/settings/connections?signIn=expired');
  });

  test('that was declined says so', async () => {
    const { id } = await connect();
    const { url } = await server.call(authorizeConnection, { params: { id } });
    expect((await finish(await fake.consent(url ?? '', { deny: true }))).headers.get('location')).toContain('signIn=failed');
    expect((await read(id))?.signIn).toMatchObject({ status: 'signed-out', reason: 'Access was denied at the service.' });
  });
});

describe('a run', () => {
  test('sends the token, and renews one that the service no longer accepts', async () => {
    Object.assign(fake.lifetime, { said: 3_600, real: 0 });
    const { id } = await connect();
    await signIn(id);
    Object.assign(fake.lifetime, { said: 3_600, real: 3_600 });
    const run = await begin(server, await workflowOf(server, calling(id, 'POST')));
    expect((await ended(server, run.id)).output).toEqual({ ok: true });
    expect(fake.api).toEqual({ accepted: 1, rejected: 1 });
  });

  test('waits while its connection must be reconnected, and continues after a sign-in', async () => {
    Object.assign(fake.lifetime, { said: 1, real: 1 });
    const { id } = await connect();
    await signIn(id);
    fake.revoke();
    const workflow = await workflowOf(server, calling(id, 'POST'));
    const runs = await Promise.all([begin(server, workflow), begin(server, workflow)]);
    for (const run of runs) await whenRun(server, run.id, 'waiting', ({ status }) => status === 'waiting');
    const shown = await read(id);
    expect(shown).toMatchObject({ signIn: { status: 'reconnect', reason: expect.stringContaining('rejected the refresh token') }, waiting: { runs: 2 } });
    expect(Date.parse(shown?.waiting?.until ?? '') - Date.parse(shown?.waiting?.since ?? '')).toBe(86_400_000);
    Object.assign(fake.lifetime, { said: 3_600, real: 3_600 });
    await signIn(id);
    for (const { id: runId } of runs) {
      const run = await ended(server, runId);
      expect(run).toMatchObject({ status: 'succeeded', output: { ok: true } });
      expect(stepOf(run, 'fetch').attempts[0]?.error?.code).toBe('reconnect');
    }
    expect((await read(id))?.waiting).toBeUndefined();
  });

  test('that is canceled no longer waits', async () => {
    const { id } = await connect();
    const run = await begin(server, await workflowOf(server, calling(id)));
    await until('a waiting run', async () => (await read(id))?.waiting);
    await server.call(cancelRun, { params: { id: run.id } });
    await ended(server, run.id);
    expect((await read(id))?.waiting).toBeUndefined();
  });
});

describe('a connection without a person', () => {
  test('signs in with its client secret, and again after that is replaced', async () => {
    const { id } = await connect({ grant: 'client-credentials', authorizeUrl: undefined });
    expect(await server.call(authorizeConnection, { params: { id } })).toEqual({ url: null });
    expect((await read(id))?.signIn).toMatchObject({ status: 'connected', renews: true });
    await server.call(rotateConnection, { params: { id }, body: { secret: 'wrong' } });
    expect(await server.refused(authorizeConnection, { params: { id } })).toMatchObject({ code: 'reconnect' });
    const run = await begin(server, await workflowOf(server, calling(id)));
    await whenRun(server, run.id, 'waiting', ({ status }) => status === 'waiting');
    await server.call(rotateConnection, { params: { id }, body: { secret: fakeClient.secret } });
    expect((await ended(server, run.id)).status).toBe('succeeded');
  });
});

test('a secret does not follow to another token URL, and tokens end with their application', async () => {
  const { id, auth } = await connect();
  await signIn(id);
  if (auth?.scheme !== 'oauth2') throw new Error('not OAuth');
  expect(await server.refused(updateConnection, { params: { id }, body: { auth: { ...auth, tokenUrl: 'https://evil.example/token' } } })).toMatchObject({
    code: 'bad-request',
  });
  await server.call(updateConnection, { params: { id }, body: { auth: { ...auth, scopes: ['read'] } } });
  expect((await read(id))?.signIn?.status).toBe('connected');
  await server.call(updateConnection, { params: { id }, body: { auth: { ...auth, clientId: 'other' } } });
  expect((await read(id))?.signIn?.status).toBe('signed-out');
});
