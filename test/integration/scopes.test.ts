import { allContracts } from '@switchyard/shared/contracts/all.ts';
import { getRun, listRunEvents, startRun } from '@switchyard/shared/contracts/runs.ts';
import { SCOPES, type Scope } from '@switchyard/shared/contracts/scopes.ts';
import { createToken, listTokens, revokeToken } from '@switchyard/shared/contracts/sign-in.ts';
import { createWorkflow, listVersions, publishWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi, type TestApi } from '../kit/api.ts';
import { echoGraph } from '../kit/graph.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { PASSWORD, signedIn } from '../kit/signed-in.ts';

let server: TestServer;
let owner: TestApi;
beforeAll(async () => {
  server = await startTestServer({ env: { SWITCHYARD_PASSWORD: PASSWORD } });
  owner = createApi(server.base, { cookie: (await signedIn(server)).cookie });
});
afterAll(() => server[Symbol.asyncDispose]());

async function withToken(...scopes: Scope[]): Promise<{ api: TestApi; id: string }> {
  const { token, id } = await owner.call(createToken, { body: { name: scopes.join(' ') || 'default', ...(scopes.length > 0 && { scopes }) } });
  return { api: createApi(server.base, { authorization: `Bearer ${token}` }), id };
}

const closed = allContracts.filter(({ open }) => !open);
/** Ends the sessions that the walk needs, so it has its own test. */
const ENDS = new Set(['signOutEverywhere']);

test('every operation is rejected for a token without its scope, and allowed for one with it', async () => {
  expect(closed.length).toBeGreaterThan(40);
  const only = new Map(await Promise.all(SCOPES.map(async (scope) => [scope, await withToken(scope)] as const)));
  const others = new Map(await Promise.all(SCOPES.map(async (scope) => [scope, await withToken(...SCOPES.filter((other) => other !== scope))] as const)));
  for (const { id, method, path, scope } of closed) {
    if (scope === null) throw new Error(`${id} declares no scope`);
    const ask = (api: TestApi | undefined) => api?.send(method, path.replace(/:(\w+)/g, 'missing'), { ...(method !== 'GET' && { body: { unknown: 1 } }) });
    const refused = await ask(others.get(scope)?.api);
    expect(refused?.json, id).toMatchObject({ status: 403, code: 'forbidden', detail: expect.stringContaining(`lacks the scope “${scope}”`), scope });
    if (!ENDS.has(id)) expect((await ask(only.get(scope)?.api))?.status, `${id} with ${scope}`).not.toBe(403);
  }
});

test('metrics and sockets need the read scope', async () => {
  const { api } = await withToken('edit');
  expect((await api.send('GET', '/metrics')).status).toBe(403);
  expect((await (await withToken('read')).api.send('GET', '/metrics')).status).toBe(200);
});

test('a token created without scopes runs, reads, and edits, but can’t administer', async () => {
  const { api, id } = await withToken();
  expect((await owner.call(listTokens, {})).items.find((token) => token.id === id)?.scopes).toEqual(['run', 'read', 'edit']);
  expect((await api.send('DELETE', '/api/sessions')).status).toBe(403);
  expect((await api.send('DELETE', revokeToken.path.replace(':id', id))).status).toBe(403);
  expect((await api.send('POST', '/api/connections', { body: { name: 'Mine', kind: 'openai', secret: 'x' } })).status).toBe(403);
  expect((await api.send('GET', '/api/workflows')).status).toBe(200);
});

test('a token’s actions are recorded under it', async () => {
  const { api, id } = await withToken();
  const actor = { kind: 'token', id };
  const workflow = await api.call(createWorkflow, { body: { name: 'Own', graph: echoGraph() } });
  await api.call(publishWorkflow, { params: { id: workflow.id }, body: {} });
  expect((await api.call(listVersions, { params: { id: workflow.id } })).items[0]?.actor).toEqual(actor);
  const run = await api.call(startRun, { params: { id: workflow.id }, body: { input: { message: 'hi' }, wait: 5_000 } });
  expect((await api.call(getRun, { params: { id: run.id } })).actor).toEqual(actor);
  expect((await api.call(listRunEvents, { params: { id: run.id } })).items[0]).toMatchObject({ type: 'run-started', actor });
  const byOwner = await owner.call(startRun, { params: { id: workflow.id }, body: { input: { message: 'hi' } } });
  expect(byOwner.actor).toEqual({ kind: 'user', id: 'owner' });
});

test('a token may end the sessions of the workspace only with the admin scope', async () => {
  const { api } = await withToken('admin');
  expect((await api.send('DELETE', '/api/sessions')).status).toBe(200);
});
