import { getSystem } from '@switchyard/shared/contracts/system.ts';
import { pauseWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { echoGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { startTestServer } from '../kit/server.ts';
import { ON_MONGODB } from '../kit/store.ts';

test('a server on its own shows itself, its database, and no Redis', async () => {
  await using server = await startTestServer();
  const system = await server.call(getSystem, {});
  expect(system.processes).toEqual([
    expect.objectContaining({ role: 'all', pid: process.pid, address: server.base, state: 'live', slots: null, driving: 0, answered: true }),
  ]);
  expect(system.processes[0]?.memoryBytes).toBeGreaterThan(1_000_000);
  expect(system.database).toMatchObject({ kind: ON_MONGODB ? 'mongodb' : 'sqlite', state: 'connected', latencyMs: expect.any(Number), problem: null });
  expect(system.redis).toBeNull();
  expect(system.refused).toEqual([]);
});

test('rejected requests of webhooks, the API, and /v1 are counted once each', async () => {
  await using server = await startTestServer();
  const { id, url } = await publishedWorkflow(server, echoGraph());
  await server.send('POST', url, { body: '{', headers: { 'content-type': 'application/json' } });
  await server.call(pauseWorkflow, { params: { id } });
  for (let count = 0; count < 3; count++) expect((await server.send('POST', url, { body: { message: 'Hello' } })).status).toBe(503);
  expect((await server.send('POST', '/api/workflows', { body: {} })).status).toBe(400);
  expect((await server.send('POST', '/v1/chat/completions', { body: '{' })).status).toBe(400);
  expect((await server.send('GET', '/hooks/status/missing')).status).toBe(404);
  const { refused } = await server.call(getSystem, {});
  expect(Object.fromEntries(refused.map(({ code, count }) => [code, count]))).toEqual({ paused: 3, 'bad-json': 2, 'bad-request': 1 });
  expect(refused.find(({ code }) => code === 'paused')).toMatchObject({ title: 'This workflow is paused', lastAt: expect.any(String) });
});
