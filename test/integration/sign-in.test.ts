import { request } from 'node:http';
import { allContracts } from '@switchyard/shared/contracts/all.ts';
import { createToken, getSession, listSessions, listTokens, signIn, signOut, signOutEverywhere } from '@switchyard/shared/contracts/sign-in.ts';
import { listWorkflows } from '@switchyard/shared/contracts/workflows.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { PASSWORD, signedIn, tokenOf } from '../kit/signed-in.ts';
import { until } from '../kit/until.ts';
import { connectPage } from '../kit/watcher.ts';
import { atOnce } from '../soak/at-once.ts';

const locked = (env: Record<string, string> = {}): Promise<TestServer> => startTestServer({ env: { SWITCHYARD_PASSWORD: PASSWORD, ...env } });
const statusOf = async (server: TestServer, path: string, headers: Record<string, string> = {}): Promise<number> =>
  (await server.send('GET', path, { headers })).status;

/** What a path returns without any normalization by the client. */
function asWritten(server: TestServer, path: string): Promise<string> {
  const { hostname, port } = new URL(server.base);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path }, (reply) => {
      let text = '';
      reply.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      reply.on('end', () => resolve(text));
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** A sign-in attempt from a chosen address of this machine. */
function tryPassword(server: TestServer, password: string, localAddress = '127.0.0.1'): Promise<{ status: number; retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(signIn.path, server.base), { method: 'POST', localAddress, headers: { 'content-type': 'application/json' } }, (reply) => {
      reply.resume();
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, retryAfter: reply.headers['retry-after'] }));
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ password }));
  });
}

describe('without signing in', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await locked();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  test('every API operation except open ones returns 401 as a problem', async () => {
    const closed = allContracts.filter(({ open }) => !open);
    expect(closed.length).toBeGreaterThan(40);
    for (const { id, method, path } of closed) {
      const reply = await server.send(method, path.replace(/:(\w+)/g, 'missing'), { ...(method !== 'GET' && { body: {} }) });
      expect(reply.json, `${id} answered ${reply.text}`).toMatchObject({ status: 401, code: 'unauthorized', title: expect.any(String) });
      expect(reply.headers.get('content-type'), id).toMatch(/^application\/problem\+json/);
      expect(reply.headers.get('www-authenticate'), id).toMatch(/^Bearer/);
    }
  });

  test('nothing else under /api or /metrics is revealed, however its URL is written', async () => {
    const paths = [
      '/api',
      '/api/',
      '/api/openapi.json',
      '/api/docs',
      '/api/nothing',
      '/API/workflows',
      '/api/workflows/',
      '/api/workflows?x=1',
      '/metrics',
      '/Metrics/',
    ];
    for (const path of paths) expect(await statusOf(server, path), path).toBe(401);
    for (const path of ['//api/workflows', '/%61pi/workflows', '/x/../api/workflows', '/api%2Fworkflows', '/./api/workflows', '/\\api\\workflows']) {
      expect(await asWritten(server, path), path).not.toContain('"items"');
    }
    for (const method of ['HEAD', 'OPTIONS', 'PUT']) expect((await server.send(method, '/api/workflows')).status, method).toBe(401);
  });

  test('health, readiness, and the sign-in status are public', async () => {
    expect(await statusOf(server, '/api/health')).toBe(200);
    expect(await statusOf(server, '/api/ready')).toBe(200);
    expect(await server.call(getSession, {})).toEqual({ signInNeeded: true, signedIn: false, by: null, expiresAt: null });
  });

  test('a socket is rejected', async () => {
    await expect(connectPage(server.base)).rejects.toThrow();
    const { cookie } = await signedIn(server);
    (await connectPage(server.base, { cookie })).close();
    await expect(connectPage(server.base, { cookie, origin: 'https://evil.example' })).rejects.toThrow();
    (await connectPage(server.base, { authorization: (await tokenOf(server, cookie)).authorization })).close();
  });

  test('a made-up cookie or token opens nothing', async () => {
    const forged: Record<string, string>[] = [
      { cookie: 'switchyard_session=' },
      { cookie: `switchyard_session=${'A'.repeat(43)}` },
      { authorization: 'Bearer' },
      { authorization: 'Bearer swy_' },
      { authorization: `Bearer swy_${'A'.repeat(43)}` },
      { authorization: `Bearer ${PASSWORD}` },
      { authorization: `Basic ${Buffer.from(`owner:${PASSWORD}`).toString('base64')}` },
    ];
    for (const headers of forged) expect(await statusOf(server, '/api/workflows', headers), JSON.stringify(headers)).toBe(401);
  });
});

describe('a session', () => {
  test('starts with the right password, is hidden from scripts, and lasts until signing out', async () => {
    await using server = await locked();
    const reply = await server.send('POST', signIn.path, { body: { password: PASSWORD } });
    expect(reply.json).toMatchObject({ signInNeeded: true, signedIn: true, by: 'session' });
    expect(reply.headers.get('set-cookie')).toMatch(/^switchyard_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/);
    const cookie = reply.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(await statusOf(server, '/api/workflows', { cookie })).toBe(200);
    const out = await server.send('DELETE', signOut.path, { headers: { cookie } });
    expect(out.json).toMatchObject({ signedIn: false });
    expect(out.headers.get('set-cookie')).toMatch(/^switchyard_session=; .*Max-Age=0/);
    expect(await statusOf(server, '/api/workflows', { cookie })).toBe(401);
  });

  test('survives a restart, but not a change of the password', async () => {
    await using folder = await temporaryDir();
    const start = (password: string) => startTestServer({ dataDir: folder.path, env: { SWITCHYARD_PASSWORD: password } });
    const first = await start(PASSWORD);
    const { cookie } = await signedIn(first);
    const { authorization } = await tokenOf(first, cookie);
    await first.stop();
    await using same = await start(PASSWORD);
    expect(await statusOf(same, '/api/workflows', { cookie })).toBe(200);
    await same.stop();
    await using changed = await start('another password');
    expect(await statusOf(changed, '/api/workflows', { cookie })).toBe(401);
    expect(await statusOf(changed, '/api/workflows', { authorization })).toBe(200);
    expect((await tryPassword(changed, PASSWORD)).status).toBe(401);
    await changed.stop();
    await using back = await start(PASSWORD);
    expect(await statusOf(back, '/api/workflows', { cookie })).toBe(401);
  });

  test('ends with all others when signing out everywhere, and its sockets are closed', async () => {
    await using server = await locked();
    const [here, there] = [await signedIn(server), await signedIn(server, { 'user-agent': 'Another browser' })];
    const { authorization } = await tokenOf(server, here.cookie);
    const listed = listSessions.reply.parse((await server.send('GET', listSessions.path, { headers: here })).json);
    expect(listed.items.map(({ userAgent, current }) => [userAgent === 'Another browser', current])).toEqual(
      expect.arrayContaining([
        [true, false],
        [false, true],
      ]),
    );
    expect(JSON.stringify(listed)).not.toContain('okenHash');
    const socket = await connectPage(server.base, there);
    const byToken = await connectPage(server.base, { authorization });
    expect((await server.send('DELETE', signOutEverywhere.path, { headers: here })).json).toEqual({ ended: 2 });
    await until('the socket to be closed', () => !socket.connected);
    expect(byToken.connected).toBe(true);
    byToken.close();
    for (const { cookie } of [here, there]) expect(await statusOf(server, '/api/workflows', { cookie })).toBe(401);
    expect(await statusOf(server, '/api/workflows', { authorization })).toBe(200);
  });

  test('can’t be used by pages of other sites', async () => {
    await using server = await locked();
    const { cookie } = await signedIn(server);
    const write = (headers: Record<string, string>) => server.send('POST', '/api/workflows', { body: { name: 'x' }, headers: { cookie, ...headers } });
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
      expect((await write(headers)).json, JSON.stringify(headers)).toMatchObject({ status: 403, code: 'bad-origin' });
    }
    expect((await write({ origin: server.base, 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    const stolen = await server.send('POST', signIn.path, { body: { password: PASSWORD }, headers: { origin: 'https://evil.example' } });
    expect(stolen.status).toBe(403);
  });
});

test('a thousand wrong passwords are rejected with a retry time, and the right one from another address still works', async () => {
  await using server = await locked();
  const tries: Awaited<ReturnType<typeof tryPassword>>[] = [];
  // More at once than a listening socket queues would be rejected by the system.
  await atOnce(100, Array(1_000).keys(), async () => tries.push(await tryPassword(server, 'wrong')));
  const limited = tries.filter(({ status }) => status === 429);
  expect(tries.filter(({ status }) => status === 401).length).toBe(10);
  expect(limited).toHaveLength(990);
  expect(limited.every(({ retryAfter }) => Number(retryAfter) > 0)).toBe(true);
  expect((await tryPassword(server, PASSWORD)).status).toBe(429);
  expect((await tryPassword(server, PASSWORD, '127.0.0.2')).status).toBe(200);
});

test('an API token is returned once, opens the API until revoked, and can’t create another without the scope', async () => {
  await using server = await locked();
  const { cookie } = await signedIn(server);
  const made = createToken.reply.parse((await server.send('POST', createToken.path, { body: { name: ' CI ' }, headers: { cookie } })).json);
  expect(made.token).toMatch(/^swy_[\w-]{43}$/);
  expect(made).toMatchObject({ name: 'CI', prefix: made.token.slice(0, 10), lastUsedAt: null });
  const authorization = `Bearer ${made.token}`;
  const listed = listWorkflows.reply.parse((await server.send('GET', '/api/workflows', { headers: { authorization } })).json);
  expect(listed.items).toEqual([]);
  const all = await server.send('GET', listTokens.path, { headers: { cookie } });
  expect(listTokens.reply.parse(all.json).items).toMatchObject([{ id: made.id, lastUsedAt: expect.any(String) }]);
  expect(all.text).not.toContain(made.token);
  expect((await server.send('POST', createToken.path, { body: { name: 'More' }, headers: { authorization } })).json).toMatchObject({ code: 'forbidden' });
  expect((await server.send('DELETE', signOut.path, { headers: { authorization } })).status).toBe(400);
  const socket = await connectPage(server.base, { authorization });
  expect((await server.send('DELETE', `/api/tokens/${made.id}`, { headers: { cookie } })).status).toBe(200);
  await until('the socket to be closed', () => !socket.connected);
  expect(await statusOf(server, '/api/workflows', { authorization })).toBe(401);
});

test('without a password everything is open, and signing in is no error', async () => {
  await using server = await startTestServer();
  expect(await server.call(getSession, {})).toEqual({ signInNeeded: false, signedIn: true, by: null, expiresAt: null });
  expect(await server.call(signIn, { body: { password: 'any' } })).toMatchObject({ signedIn: true });
  expect(await statusOf(server, '/api/workflows', { authorization: 'Bearer nothing' })).toBe(200);
});
