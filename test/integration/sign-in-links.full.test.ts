import { request } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';
import { getReviewByLink, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { getRunStatus, startRun } from '@switchyard/shared/contracts/runs.ts';
import { getShared, shareWorkflow } from '@switchyard/shared/contracts/sharing.ts';
import { signIn } from '@switchyard/shared/contracts/sign-in.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, test } from 'vitest';
import { createApi, type TestApi } from '../kit/api.ts';
import { echoGraph, reviewGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { PASSWORD, signedIn, tokenOf } from '../kit/signed-in.ts';
import { everythingReadable } from '../kit/store.ts';
import { until } from '../kit/until.ts';

const PUBLIC_URL = 'https://flow.example.com';
const locked = (env: Record<string, string> = {}): Promise<TestServer> => startTestServer({ env: { SWITCHYARD_PASSWORD: PASSWORD, ...env } });

interface Asked {
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly body?: unknown;
}

/** fetch doesn't let a test set Host. */
function ask(base: string, path: string, { headers = {}, method = 'GET', body }: Asked = {}): Promise<{ status: number; text: string; cookie: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, base), { method, headers: { 'content-type': 'application/json', ...headers } }, (reply) => {
      let text = '';
      reply.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text, cookie: reply.headers['set-cookie']?.[0] ?? '' }));
    });
    sent.on('error', reject);
    sent.end(body === undefined ? '' : JSON.stringify(body));
  });
}

async function owner(server: TestServer): Promise<TestApi> {
  const { authorization } = await tokenOf(server, (await signedIn(server)).cookie);
  return createApi(server.base, { authorization });
}

/** Every kind of link that this server creates. */
async function allLinks(api: TestApi) {
  const echo = await publishedWorkflow(api, echoGraph(), { mode: 'accepted' });
  const { url: shareUrl, token: shareToken } = await api.call(shareWorkflow, { params: { id: echo.id } });
  const { id: reviewed } = await api.call(createWorkflow, { body: { name: 'Reviewed', graph: reviewGraph() } });
  const { id: runId } = await api.call(startRun, { params: { id: reviewed }, body: { input: { message: 'Refund me' } } });
  const task = await until('the task', async () => (await api.call(listReviews, { query: { runId } })).items[0]);
  const called = await api.send('POST', new URL(echo.url).pathname, { body: { message: 'hi' } });
  const { statusUrl } = called.json as { statusUrl: string };
  return { url: echo.url, testUrl: echo.testUrl, shareUrl, shareToken, reviewUrl: task.link ?? '', statusUrl };
}

test('webhooks, status URLs, shared links, and review links need no sign-in', async () => {
  await using server = await locked();
  const links = await allLinks(await owner(server));
  const called = await server.send('POST', links.url, { body: { message: 'hi' } });
  expect(called.status).toBe(202);
  expect((await server.send('POST', links.testUrl, { body: { message: 'hi' } })).status).toBe(202);
  const token = links.statusUrl.split('/').at(-1) ?? '';
  expect(await server.call(getRunStatus, { params: { token } })).toMatchObject({ status: expect.any(String) });
  expect(await server.call(getShared, { params: { token: links.shareToken } })).toMatchObject({ name: 'A workflow' });
  expect((await server.send('POST', `/api/shared/${links.shareToken}/use`, { body: {} })).status).toBe(401);
  const reviewToken = links.reviewUrl.split('/').at(-1) ?? '';
  expect(await server.call(getReviewByLink, { params: { token: reviewToken } })).toMatchObject({ review: { status: 'open' } });
  const decided = await server.send('POST', links.reviewUrl, { body: { decision: 'approve', values: { text: 'Refunded' } } });
  expect(decided.json).toMatchObject({ status: 'done' });
});

test('every link starts with PUBLIC_URL, whose host is the only other one allowed', async () => {
  await using server = await locked({ PUBLIC_URL: `${PUBLIC_URL}/`, TRUST_PROXY: 'true' });
  const { shareToken: _token, ...links } = await allLinks(await owner(server));
  for (const [name, link] of Object.entries(links)) expect(link, name).toMatch(/^https:\/\/flow\.example\.com\/\w/);
  for (const [path, status] of [
    ['/api/health', 200],
    ['/api/workflows', 401],
    [new URL(links.shareUrl).pathname.replace('/shared', '/api/shared'), 200],
  ] as const) {
    expect((await ask(server.base, path, { headers: { host: 'flow.example.com' } })).status, path).toBe(status);
    for (const host of ['evil.example', 'flow.example.com.evil.example', 'flow.example.com:4310']) {
      expect((await ask(server.base, path, { headers: { host } })).status, `${host} ${path}`).toBe(403);
    }
  }
  const foreign = { method: 'POST', body: { password: PASSWORD }, headers: { host: 'flow.example.com', origin: 'http://flow.example.com' } };
  expect((await ask(server.base, signIn.path, foreign)).status).toBe(403);
});

test('with TLS, reported by the trusted proxy or the public URL, the cookie is sent only over TLS', async () => {
  const cookieOf = async (env: Record<string, string>, headers: Record<string, string>) => {
    await using server = await locked(env);
    return (await ask(server.base, signIn.path, { method: 'POST', body: { password: PASSWORD }, headers })).cookie;
  };
  expect(await cookieOf({ TRUST_PROXY: 'true' }, { 'x-forwarded-proto': 'https' })).toMatch(/; Secure$/);
  expect(await cookieOf({ TRUST_PROXY: 'loopback' }, { 'x-forwarded-proto': 'https' })).toMatch(/; Secure$/);
  expect(await cookieOf({}, { 'x-forwarded-proto': 'https' })).not.toContain('Secure');
  expect(await cookieOf({ TRUST_PROXY: '10.0.0.0/8' }, { 'x-forwarded-proto': 'https' })).not.toContain('Secure');
  expect(await cookieOf({ PUBLIC_URL }, { host: 'flow.example.com' })).toMatch(/; Secure$/);
  expect(await cookieOf({ PUBLIC_URL }, {})).not.toContain('Secure');
});

const behindProxy: readonly [string, Record<string, string>, (index: number) => string, number][] = [
  ['distinguished by the address that the trusted proxy reports', { TRUST_PROXY: 'true' }, (index) => `192.0.2.${index}`, 0],
  ['not distinguished by what they wrote before it', { TRUST_PROXY: 'true' }, (index) => `192.0.2.${index}, 198.51.100.1`, 1],
  ['not distinguished by an untrusted proxy’s report', {}, (index) => `192.0.2.${index}`, 1],
];
test.each(behindProxy)('clients are %s', async (_title, env, forwarded, limited) => {
  await using server = await locked(env);
  const tries = Array.from({ length: 11 }, (_, index) =>
    ask(server.base, signIn.path, { method: 'POST', body: { password: 'wrong' }, headers: { 'x-forwarded-for': forwarded(index) } }),
  );
  expect((await Promise.all(tries)).filter(({ status }) => status === 429)).toHaveLength(limited);
});

test('a server on all addresses answers on each address of this machine, but not under other names', async () => {
  await using server = await locked({ HOST: '0.0.0.0' });
  const { port } = new URL(server.base);
  expect(server.base).toBe(`http://127.0.0.1:${port}`);
  const own = Object.values(networkInterfaces()).flatMap((all = []) => all.filter(({ family }) => family === 'IPv4').map(({ address }) => address));
  for (const address of [...own, hostname()])
    expect((await ask(server.base, '/api/health', { headers: { host: `${address}:${port}` } })).status, address).toBe(200);
  expect((await ask(server.base, '/api/health', { headers: { host: `evil.example:${port}` } })).status).toBe(403);
});

test('neither the log nor the store contains the password, a session, or an API token', async () => {
  await using server = await startServerProcess({ env: { SWITCHYARD_PASSWORD: PASSWORD, LOG_LEVEL: 'trace' } });
  const { cookie } = await signedIn(server);
  const { authorization } = await tokenOf(server, cookie);
  const api = createApi(server.base, { authorization });
  const { shareToken, reviewUrl } = await allLinks(api);
  await server.send('POST', signIn.path, { body: { password: 'a wrong guess' } });
  await server.send('GET', `/api/shared/${shareToken}`);
  await server.send('GET', reviewUrl, { headers: { accept: 'application/json' } });
  expect(server.output()).toContain('wrong password');
  await server.stop();
  const secrets = [PASSWORD, 'a wrong guess', cookie.split('=')[1] ?? '', authorization.replace('Bearer ', '')];
  const kept = await everythingReadable(server.dataDir);
  for (const secret of secrets) {
    expect(server.output().includes(secret), secret).toBe(false);
    expect(kept.includes(secret), secret).toBe(false);
  }
  expect(server.output()).not.toContain(shareToken);
  expect(server.output()).not.toContain(reviewUrl.split('/').at(-1));
});
