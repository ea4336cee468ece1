import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { begin, ended, journalOf, stepOf, workflowOf } from '../kit/runs.ts';
import { temporaryDir } from '../kit/server.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';

/* `kill -9` between the requests of one HTTP step: none that had a response is sent again. */

const ENV = { EGRESS_ALLOW: '127.0.0.1' };

type Answer = (asked: number, request: IncomingMessage, response: ServerResponse) => void;

/** A server that notes what was requested, and by which idempotency key. */
async function startServer(answer: Answer) {
  const asked: { readonly what: string; readonly key: string }[] = [];
  const server = createServer((request, response) => {
    void (request.method === 'POST' ? json(request) : Promise.resolve(null)).then((body) => {
      asked.push({ what: body === null ? (request.url ?? '') : JSON.stringify(body), key: String(request.headers['idempotency-key']) });
      answer(asked.length, request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const fetching = (params: Record<string, unknown>) =>
  graphOf(
    [messageInput(), node('tool', 'fetch', params), node('output', 'reply', { value: '{{ steps.fetch.body }}' })],
    [edge('start', 'fetch'), edge('fetch', 'reply')],
  );

const reply = (response: ServerResponse, value: unknown): void =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));

test('pages that were read stay read: only the interrupted one is requested again', async () => {
  await using dir = await temporaryDir();
  await using api = await startServer((count, { url = '' }, response) => {
    const page = Number(new URL(url, 'http://x').searchParams.get('page'));
    // The third request hangs until the server is killed.
    if (count !== 3) reply(response, page > 4 ? [] : [page]);
  });
  const first = await startServerProcess({ dataDir: dir.path, env: ENV });
  const { id } = await begin(first, await workflowOf(first, fetching({ url: `${api.url}/rows`, pages: { by: 'page', parameter: 'page' } })));
  await until('the third page', () => api.asked.length === 3);
  const before = await journalOf(first, id);
  await first.kill();
  const second = await startServerProcess({ dataDir: dir.path, env: ENV });
  try {
    expect(await ended(second, id)).toMatchObject({ status: 'succeeded', output: [1, 2, 3, 4] });
    expect(api.asked.map(({ what }) => what)).toEqual([1, 2, 3, 3, 4, 5].map((page) => `/rows?page=${page}`));
    expect((await journalOf(second, id)).slice(0, before.length)).toEqual(before);
    expect(new Set(stepOf(await ended(second, id), 'fetch').calls.map((call) => call.id)).size).toBe(5);
  } finally {
    await second.kill();
  }
});

test('batches that were sent are not sent again, and the interrupted one has the same key', async () => {
  await using dir = await temporaryDir();
  await using api = await startServer((count, _, response) => {
    if (count !== 2) reply(response, 'ok');
  });
  const first = await startServerProcess({ dataDir: dir.path, env: ENV });
  const graph = fetching({ url: api.url, method: 'POST', bodyKind: 'json', effect: 'keyed', batches: { on: true, list: '[1, 2, 3]', size: 1 } });
  const { id } = await begin(first, await workflowOf(first, graph));
  await until('the second batch', () => api.asked.length === 2);
  await first.kill();
  const second = await startServerProcess({ dataDir: dir.path, env: ENV });
  try {
    expect(await ended(second, id)).toMatchObject({ status: 'succeeded', output: ['ok', 'ok', 'ok'] });
    expect(api.asked.map(({ what }) => what)).toEqual(['[1]', '[2]', '[2]', '[3]']);
    expect(api.asked[2]?.key).toBe(api.asked[1]?.key);
    expect(new Set(api.asked.map(({ key }) => key)).size).toBe(3);
  } finally {
    await second.kill();
  }
});
