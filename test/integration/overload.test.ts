import { connect } from 'node:net';
import { cancelRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { expect, test } from 'vitest';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { echoGraph, modelGraph } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { ended, whenRun } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

const message = 'x'.repeat(100_000);

test('large bodies are rejected while runs hold the maximum, and accepted again once these have ended', async () => {
  await using provider = await startFakeProvider();
  provider.failAlways({ kind: 'hang' });
  await using server = await startTestServer({ bodyBytes: 1_000_000 });
  await routeTo(server, 'fast', fakeTarget(provider));
  const { id, url } = await publishedWorkflow(server, modelGraph(), { mode: 'accepted' });

  const accepted: string[] = [];
  for (;;) {
    const reply = await server.send('POST', url, { body: { message } });
    if (reply.status !== 202) {
      expect(reply.json).toMatchObject({ status: 503, code: 'overloaded' });
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
      break;
    }
    accepted.push((reply.json as { runId: string }).runId);
    expect(accepted.length).toBeLessThan(10);
  }
  expect(accepted.length).toBeGreaterThanOrEqual(8);

  // The same applies to a run started by the API, and small bodies are accepted.
  while ((await server.send('POST', `/api/workflows/${id}/runs`, { body: { input: { message } } })).status !== 503);
  const small = await server.call(startRun, { params: { id }, body: { input: { message: 'small' } } });
  await whenRun(server, small.id, 'running', ({ status }) => status === 'running');
  accepted.push(small.id);

  for (const runId of accepted) await server.call(cancelRun, { params: { id: runId } });
  for (const runId of accepted) expect((await ended(server, runId)).status).toBe('cancelled');
  provider.failAlways(undefined);
  await until('room for a large body', async () => (await server.send('POST', url, { body: { message } })).status === 202);
});

/** Connections that start a body on a path and never finish it. */
function unfinished(base: string, path: string, count: number, bytes: number): Disposable & { readonly refused: () => number } {
  const { hostname, port, host } = new URL(base);
  let refused = 0;
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      if (data.toString('latin1').startsWith('HTTP/1.1 503')) refused++;
    });
    socket.write(`POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: 900000\r\n\r\n${'x'.repeat(bytes)}`);
    return socket;
  });
  return {
    refused: () => refused,
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

test('unfinished bodies block no complete request, to webhooks or to the API', async () => {
  await using server = await startTestServer({ bodyBytes: 1_000_000 });
  const { url } = await publishedWorkflow(server, echoGraph());
  using hooks = unfinished(server.base, new URL(url).pathname, 30, 100_000);
  using api = unfinished(server.base, '/api/workflows', 30, 100_000);
  await until('bodies to give way', async () => hooks.refused() > 0 && api.refused() > 0);
  const body = { message: 'x'.repeat(200_000) };
  await until('a large request to succeed', async () => (await server.send('POST', url, { body })).status === 200);
  expect((await server.send('POST', url, { body: { message: 'small' } })).status).toBe(200);
  expect((await server.send('POST', '/api/workflows', { body: { name: 'Small' } })).status).toBe(201);
});
