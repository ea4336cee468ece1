import { request } from 'node:http';
import { createWorkflow, listWorkflows } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { echoGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { startTestServer } from '../kit/server.ts';

/** fetch doesn't let a test set Host. */
function ask(base: string, path: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, base), { method, headers, agent: false }, (reply) => {
      let text = '';
      reply.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

test('requests for another host are rejected on the API, the page, webhooks, and sockets', async () => {
  await using server = await startTestServer();
  const { url } = await publishedWorkflow(server, echoGraph());
  for (const host of ['evil.example', `evil.example:${new URL(server.base).port}`, '127.0.0.1', '127.0.0.1:1']) {
    for (const path of ['/api/workflows', '/', new URL(url).pathname, '/socket.io/?EIO=4&transport=polling']) {
      expect((await ask(server.base, path, { host })).status, `${host} ${path}`).toBe(403);
    }
  }
  for (const name of ['localhost', '127.0.0.1', '[::1]']) {
    expect((await ask(server.base, '/api/health', { host: `${name}:${new URL(server.base).port}` })).status, name).toBe(200);
  }
});

test('requests from pages of other sites are rejected on the API and sockets, but any page may call webhooks', async () => {
  await using server = await startTestServer();
  const { url } = await publishedWorkflow(server, echoGraph());
  for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1', `file://${new URL(server.base).host}`]) {
    const refused = await server.send('POST', '/api/workflows', { body: { name: 'Forged' }, headers: { origin } });
    expect(refused.json, origin).toMatchObject({ status: 403, code: 'bad-origin' });
    expect((await server.send('GET', '/socket.io/?EIO=4&transport=polling', { headers: { origin } })).status, origin).toBe(403);
    expect((await server.send('POST', url, { body: { message: 'hi' }, headers: { origin } })).status, origin).toBe(200);
  }
  expect((await server.call(listWorkflows, {})).items).toHaveLength(1);
  const own = await server.send('POST', createWorkflow.path, { body: { name: 'Ours' }, headers: { origin: server.base } });
  expect(own.status).toBe(201);
});

test('without Origin, writes and sockets from a page of another site are rejected, but webhooks and tokens work', async () => {
  await using server = await startTestServer();
  const { id, url } = await publishedWorkflow(server, echoGraph());
  const from = (site: string) => ({ 'sec-fetch-site': site, 'content-type': 'application/json' });
  for (const site of ['cross-site', 'same-site', 'nonsense']) {
    for (const [method, path] of [
      ['POST', '/api/workflows'],
      ['PATCH', `/api/workflows/${id}`],
      ['PUT', `/api/workflows/${id}/webhook`],
      ['DELETE', `/api/workflows/${id}`],
      ['POST', '/r/some-token'],
    ] as const) {
      expect((await ask(server.base, path, from(site), method, '{}')).status, `${site} ${method} ${path}`).toBe(403);
    }
    expect((await ask(server.base, '/socket.io/?EIO=4&transport=polling', from(site))).status, site).toBe(403);
    expect((await ask(server.base, '/api/workflows', from(site))).status, site).toBe(200);
    expect((await ask(server.base, new URL(url).pathname, from(site), 'POST', '{"message": "hi"}')).status, site).toBe(200);
  }
  const token = { ...from('cross-site'), authorization: 'Bearer swy_token' };
  expect((await ask(server.base, '/api/workflows', token, 'POST', '{"name": "By a program"}')).status).toBe(201);
  for (const site of ['same-origin', 'none']) expect((await ask(server.base, '/api/workflows', from(site), 'POST', '{"name": "Ours"}')).status, site).toBe(201);
});

test('unknown API paths are problems, never the page', async () => {
  await using server = await startTestServer();
  for (const path of ['/api/nothing', '/api', '/api/workflows/a/b/c/d']) {
    const reply = await server.send('GET', path);
    expect(reply.json, path).toMatchObject({ status: 404, code: 'not-found' });
    expect(reply.headers.get('content-security-policy'), path).toBe("default-src 'none'; sandbox");
  }
  for (const path of ['//api/nothing', '/api%2fnothing', '/%2Fapi/workflows', '//v1/models']) {
    const reply = await fetch(`${server.base}${path}`);
    expect([reply.status, reply.headers.get('content-type')], path).toEqual([404, expect.stringContaining('application/problem+json')]);
  }
});

test('unknown paths of the OpenAI-compatible API are errors in its shape', async () => {
  await using server = await startTestServer();
  for (const path of ['/v1', '/v1/nothing', '/v1/chat/nothing']) {
    const reply = await server.send('GET', path);
    expect(reply.status, path).toBe(404);
    expect(reply.json, path).toMatchObject({ error: { message: expect.any(String) } });
  }
});

test('PUBLIC_URL sets the allowed host, and generated links start with it', async () => {
  await using server = await startTestServer({ env: { PUBLIC_URL: 'https://flow.example.com/' } });
  const { url } = await publishedWorkflow(server, echoGraph());
  expect(url).toMatch(/^https:\/\/flow\.example\.com\/hooks\//);
  const headers = { host: 'flow.example.com', origin: 'https://flow.example.com', 'content-type': 'application/json' };
  expect((await ask(server.base, '/api/workflows', headers, 'POST', '{"name": "x"}')).status).toBe(201);
  expect((await ask(server.base, new URL(url).pathname, headers, 'POST', '{"message": "hi"}')).text).toBe('{"message":"hi"}');
});

test('pages are sent with a policy that blocks foreign scripts', async () => {
  await using server = await startTestServer();
  const policy = (await server.send('GET', '/api/docs')).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  expect(policy).toContain("frame-ancestors 'none'");
});

test('a write that a browser sends for another site is rejected without an Origin too, unless it has a token', async () => {
  await using server = await startTestServer();
  const write = (headers: Record<string, string>) =>
    ask(server.base, '/api/workflows', { host: new URL(server.base).host, 'content-type': 'application/json', ...headers }, 'POST', '{"name":"x"}');
  for (const site of ['cross-site', 'same-site']) {
    const refused = await write({ 'sec-fetch-site': site });
    expect(refused.status, site).toBe(403);
    expect(refused.text).toContain('bad-origin');
  }
  for (const site of ['same-origin', 'none']) expect((await write({ 'sec-fetch-site': site })).status, site).toBe(201);
  expect((await write({})).status).toBe(201);
  expect((await write({ 'sec-fetch-site': 'cross-site', authorization: 'Bearer swy_any' })).status).toBe(201);
});
