import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createEgress } from '../../egress/egress.ts';
import { discoverServers } from './discover-servers.ts';

/** A real server on a free port that responds to every request like this. */
async function serve(answer: RequestListener): Promise<{ readonly port: number; readonly paths: string[] } & AsyncDisposable> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    paths,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const json =
  (value: unknown): RequestListener =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const models = (...list: readonly (readonly [id: string, owner: string])[]) =>
  json({ object: 'list', data: list.map(([id, owned_by]) => ({ id, object: 'model', owned_by })) });

async function look(ports: readonly number[], limits: { timeLimitMs?: number; maxBytes?: number } = {}) {
  const egress = createEgress({ allow: [] });
  try {
    return await discoverServers({ fetch: egress.fetchFor({ allowLoopback: true }), ports, timeLimitMs: 5_000, ...limits });
  } finally {
    await egress.close();
  }
}

test('identifies every model server that responds by its models, in the order of the ports', async () => {
  await using llama = await serve(models(['/models/qwen3-8b.gguf', 'llamacpp']));
  await using vllm = await serve(models(['Qwen/Qwen3-8B', 'vllm'], ['lora-1', 'vllm']));
  await using other = await serve(models(['m', 'me']));
  expect(await look([other.port, vllm.port, llama.port])).toEqual([
    { kind: 'openai-compatible', name: `Model server on port ${other.port}`, baseUrl: `http://127.0.0.1:${other.port}/v1`, models: ['m'] },
    { kind: 'openai-compatible', name: 'vLLM', baseUrl: `http://127.0.0.1:${vllm.port}/v1`, models: ['Qwen/Qwen3-8B', 'lora-1'] },
    { kind: 'openai-compatible', name: 'llama.cpp', baseUrl: `http://127.0.0.1:${llama.port}/v1`, models: ['/models/qwen3-8b.gguf'] },
  ]);
  expect(vllm.paths).toEqual(['GET /v1/models']);
});

test('finds a server without models too', async () => {
  await using empty = await serve(json({ object: 'list', data: [] }));
  expect(await look([empty.port])).toMatchObject([{ models: [] }]);
});

test('omits ports with no listener or an unrelated one', async () => {
  await using page = await serve((_request, response) => response.end('<html>hello</html>'));
  await using other = await serve(json({ data: 'a text' }));
  await using list = await serve(json({ data: [{ name: 'an article' }] }));
  await using locked = await serve((_request, response) => response.writeHead(401).end('{"data":[]}'));
  const closed = await serve(json({}));
  await closed[Symbol.asyncDispose]();
  expect(await look([page.port, other.port, list.port, locked.port, closed.port])).toEqual([]);
});

test('does not follow a redirect', async () => {
  await using target = await serve(models(['inner', 'me']));
  await using redirecting = await serve((_request, response) => response.writeHead(302, { location: `http://127.0.0.1:${target.port}/v1/models` }).end());
  expect(await look([redirecting.port])).toEqual([]);
  expect(target.paths).toEqual([]);
});

test('abandons an endless response at the size limit and a silent server at the timeout, without delaying the others', async () => {
  await using endless = await serve((_request, response) => {
    response.writeHead(200);
    const pour = (): void => {
      while (!response.destroyed && response.write(' '.repeat(64_000)));
    };
    response.on('drain', pour);
    pour();
  });
  await using good = await serve(models(['m', 'llamacpp']));
  expect(await look([endless.port, good.port], { maxBytes: 500_000 })).toMatchObject([{ name: 'llama.cpp' }]);
  await using silent = await serve(() => undefined);
  expect(await look([silent.port, good.port], { timeLimitMs: 250 })).toMatchObject([{ name: 'llama.cpp' }]);
});
