import { generateKeyPairSync, verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { onBothStores } from '../../../test/kit/both-stores.ts';
import { type FakeOAuth, fakeClient, startFakeOAuth } from '../../../test/kit/fake-oauth.ts';
import { createEgress } from '../../egress/egress.ts';
import { type ConnectionRecord, connections, DEFAULT_WORKSPACE as here } from '../../store/collections.ts';
import type { Store } from '../../store/port.ts';
import { readTokens, storedTokens } from './stored-tokens.ts';
import { createTokenKeeper, LEASE_MS, type TokenKeeper } from './token-keeper.ts';

/** Not encrypted, but bound to its record like the real one. */
const secrets = {
  seal: (plain: string, recordId: string) => `${recordId}|${plain}`,
  open: (sealed: string, recordId: string) => {
    if (!sealed.startsWith(`${recordId}|`)) throw new Error('sealed for another record');
    return sealed.slice(recordId.length + 1);
  },
};
const egress = createEgress({ allow: ['127.0.0.1'] });
const clock = { ahead: 0 };
const now = () => new Date(Date.now() + clock.ahead);

/** The keeper of a process. `elapsedAhead` moves its monotonic clock. */
const keeperOn = (store: Store, more: { elapsed?: () => number } = {}): TokenKeeper =>
  createTokenKeeper({
    store,
    secrets,
    fetch: egress.fetchFor({ allowLoopback: false }),
    now,
    elapsed: () => performance.now(),
    pause: (ms) => setTimeout(Math.min(ms, 20)),
    ...more,
  });

async function connected(store: Store, fake: FakeOAuth, changes: Partial<ConnectionRecord> = {}): Promise<ConnectionRecord> {
  const auth = {
    scheme: 'oauth2',
    grant: 'authorization-code',
    authorizeUrl: `${fake.url}/authorize`,
    tokenUrl: `${fake.url}/token`,
    clientId: fakeClient.id,
    scopes: [],
  } as const;
  const base: ConnectionRecord = {
    id: 'con_1',
    workspaceId: here,
    name: 'Mail',
    kind: 'http',
    baseUrl: null,
    auth: { ...auth, scopes: [] },
    sealedSecret: secrets.seal(fakeClient.secret, 'con_1'),
    secretHint: null,
    createdAt: now().toISOString(),
    updatedAt: now().toISOString(),
    health: null,
    revision: 1,
    ...changes,
  };
  const refreshToken = await firstRefreshToken(fake);
  const tokens = storedTokens({ secrets, now }, base, { accessToken: 'used-up', refreshToken, expiresInMs: 1, scopes: undefined, account: undefined });
  const record = { ...base, tokens, ...changes };
  await store.in(here).insert(connections, record);
  return record;
}

/** As if a person had signed in. */
async function firstRefreshToken(fake: FakeOAuth): Promise<string> {
  const verifier = 'v'.repeat(43);
  const { calculatePKCECodeChallenge } = await import('oauth4webapi');
  const redirect = 'http://127.0.0.1/api/oauth/callback';
  const query = new URLSearchParams({ client_id: fakeClient.id, redirect_uri: redirect, code_challenge: await calculatePKCECodeChallenge(verifier) });
  const code = new URL(await fake.consent(`${fake.url}/authorize?${query}`)).searchParams.get('code') ?? '';
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: fakeClient.id,
    client_secret: fakeClient.secret,
    code,
    code_verifier: verifier,
    redirect_uri: redirect,
  });
  const answer = await fetch(`${fake.url}/token`, { method: 'POST', body });
  fake.tokenRequests.length = 0;
  return ((await answer.json()) as { refresh_token: string }).refresh_token;
}

const stored = async (store: Store) => (await store.in(here).get(connections, 'con_1')) as ConnectionRecord;

onBothStores('the token of a connection', (open) => {
  test('is renewed once, however many steps of two processes need it', async () => {
    await using opened = await open();
    await using fake = await startFakeOAuth();
    await connected(opened.store, fake);
    const [one, two] = [keeperOn(opened.store), keeperOn(opened.store)];
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).accessToken(here, 'con_1')));
    expect(new Set(tokens).size).toBe(1);
    expect(fake.tokenRequests).toHaveLength(1);
    expect(await stored(opened.store)).toMatchObject({ refreshLease: null, tokens: { status: 'connected', unanswered: 0 } });
  });

  test('is stored before it is used, with the rotated refresh token', async () => {
    await using opened = await open();
    await using fake = await startFakeOAuth();
    await connected(opened.store, fake);
    const keeper = keeperOn(opened.store);
    const first = await keeper.accessToken(here, 'con_1');
    expect(readTokens(secrets, await stored(opened.store))?.accessToken).toBe(first);
    // Each refresh needs the token of the one before.
    const second = await keeper.accessToken(here, 'con_1', first);
    expect(await keeper.accessToken(here, 'con_1', second)).not.toBe(second);
    expect(await keeper.accessToken(here, 'con_1', first)).not.toBe(first);
    expect(fake.tokenRequests).toHaveLength(3);
  });
});

async function start() {
  const { openSqliteStore } = await import('../../store/sqlite/sqlite-store.ts');
  const { mkdtemp, rm } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-tokens-'));
  const store = openSqliteStore({ file: join(folder, 'test.db') });
  const fake = await startFakeOAuth();
  return {
    store,
    fake,
    [Symbol.asyncDispose]: async () => {
      await fake[Symbol.asyncDispose]();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

describe('a refresh', () => {
  test('whose response was lost is tried once more, and then the connection must be reconnected', async () => {
    await using at = await start();
    await connected(at.store, at.fake);
    at.fake.trouble('slow-after-rotating');
    await expect(keeperOn(at.store).accessToken(here, 'con_1')).rejects.toMatchObject({ code: 'reconnect', beforeEffect: true });
    expect(at.fake.tokenRequests.map(({ refresh_token }) => refresh_token)).toHaveLength(2);
    expect(new Set(at.fake.tokenRequests.map(({ refresh_token }) => refresh_token)).size).toBe(1);
    expect((await stored(at.store)).tokens).toMatchObject({ status: 'reconnect', reason: expect.stringContaining('rejected the refresh token'), sealed: null });
    // Nothing more is sent.
    await expect(keeperOn(at.store).accessToken(here, 'con_1')).rejects.toMatchObject({ code: 'reconnect' });
    expect(at.fake.tokenRequests).toHaveLength(2);
  });

  test('that never arrived succeeds at the second request', async () => {
    await using at = await start();
    await connected(at.store, at.fake);
    at.fake.trouble('broken');
    await expect(keeperOn(at.store).accessToken(here, 'con_1')).resolves.toMatch(/^access-/);
    at.fake.trouble('broken', 'broken');
    await expect(keeperOn(at.store).accessToken(here, 'con_1', readTokens(secrets, await stored(at.store))?.accessToken)).rejects.toMatchObject({
      code: 'reconnect',
      message: expect.stringContaining('didn’t respond to two refresh requests'),
    });
  });

  test.each([
    ['html', 'bad-response'],
    ['unavailable', 'connect-failed'],
  ] as const)('answered with %s can be retried', async (trouble, code) => {
    await using at = await start();
    await connected(at.store, at.fake);
    at.fake.trouble(trouble, trouble, trouble);
    const keeper = keeperOn(at.store);
    for (let round = 0; round < 3; round++) await expect(keeper.accessToken(here, 'con_1')).rejects.toMatchObject({ code, beforeEffect: true });
    await expect(keeper.accessToken(here, 'con_1')).resolves.toMatch(/^access-/);
  });

  test('of a service that is down can be retried', async () => {
    await using at = await start();
    const record = await connected(at.store, at.fake);
    await at.store.in(here).update(connections, 'con_1', { auth: { ...record.auth, tokenUrl: 'http://127.0.0.1:9/token' } as never });
    await expect(keeperOn(at.store).accessToken(here, 'con_1')).rejects.toMatchObject({ beforeEffect: true });
    expect((await stored(at.store)).tokens).toMatchObject({ status: 'connected', unanswered: 0 });
  });

  test('is taken over from a process that died, after its lease', async () => {
    await using at = await start();
    const { tokens } = await connected(at.store, at.fake, { refreshLease: 'of-a-dead-process' });
    await at.store.in(here).update(connections, 'con_1', { tokens: { ...tokens, unanswered: 1 } as never });
    let elapsed = 0;
    const keeper = keeperOn(at.store, { elapsed: () => (elapsed += LEASE_MS / 3) });
    await expect(keeper.accessToken(here, 'con_1')).resolves.toMatch(/^access-/);
    expect(at.fake.tokenRequests).toHaveLength(1);
  });

  test('whose tokens a person replaced meanwhile is discarded', async () => {
    await using at = await start();
    const record = await connected(at.store, at.fake);
    const store: Store = {
      ...at.store,
      in: (id) => {
        const inner = at.store.in(id);
        let updates = 0;
        return {
          ...inner,
          update: async (collection, key, changes, expected) => {
            // Before the new tokens are stored, a sign-in stores others.
            if (++updates === 2) {
              const fresh = storedTokens({ secrets, now }, record, {
                accessToken: 'of-the-sign-in',
                refreshToken: 'r',
                expiresInMs: 3_600_000,
                scopes: undefined,
                account: undefined,
              });
              await inner.update(connections, 'con_1', { tokens: fresh, tokensRevision: 7, refreshLease: null });
            }
            return inner.update(collection, key, changes, expected);
          },
        };
      },
    };
    expect(await keeperOn(store).accessToken(here, 'con_1')).toBe('of-the-sign-in');
  });

  test('after consent was withdrawn says so', async () => {
    await using at = await start();
    await connected(at.store, at.fake);
    at.fake.revoke();
    await expect(keeperOn(at.store).accessToken(here, 'con_1')).rejects.toMatchObject({
      code: 'reconnect',
      message: expect.stringContaining('“Mail” must be reconnected'),
    });
  });

  test('follows the lifetime that the service says, on this machine’s clock', async () => {
    await using at = await start();
    await connected(at.store, at.fake);
    const keeper = keeperOn(at.store);
    const first = await keeper.accessToken(here, 'con_1');
    clock.ahead = 3_500_000;
    try {
      expect(await keeper.accessToken(here, 'con_1')).toBe(first);
      clock.ahead = 3_550_000;
      expect(await keeper.accessToken(here, 'con_1')).not.toBe(first);
    } finally {
      clock.ahead = 0;
    }
  });
});

describe('client credentials', () => {
  test('need no person, and are obtained again when they expire', async () => {
    await using at = await start();
    const auth = { scheme: 'oauth2', grant: 'client-credentials', tokenUrl: `${at.fake.url}/token`, clientId: fakeClient.id, scopes: ['read'] } as const;
    await connected(at.store, at.fake, { auth: { ...auth, scopes: ['read'] }, tokens: null });
    const keeper = keeperOn(at.store);
    const first = await keeper.accessToken(here, 'con_1');
    expect(await keeper.accessToken(here, 'con_1')).toBe(first);
    expect(await keeper.accessToken(here, 'con_1', first)).not.toBe(first);
    expect(at.fake.tokenRequests[0]).toMatchObject({ grant_type: 'client_credentials', scope: 'read' });
  });
});

describe('a service account', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  /** A token endpoint whose clock is `aheadMs` ahead, and that is as strict as Google’s. */
  const endpoint = async (aheadMs: number) => {
    const claims: Record<string, unknown>[] = [];
    const server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += String(chunk);
      const [header = '', payload = '', signature = ''] = (new URLSearchParams(text).get('assertion') ?? '').split('.');
      const isSigned = verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'));
      const claimed = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, number>;
      claims.push(claimed);
      const seconds = (Date.now() + aheadMs) / 1_000;
      const inTime = (claimed.iat ?? 0) <= seconds + 5 && (claimed.exp ?? 0) > seconds;
      const answer =
        isSigned && inTime
          ? { access_token: 'of-google', expires_in: 3_600, token_type: 'Bearer' }
          : { error: 'invalid_grant', error_description: 'Invalid JWT' };
      response.sendDate = false;
      response
        .writeHead('error' in answer ? 400 : 200, { 'content-type': 'application/json', date: new Date(Date.now() + aheadMs).toUTCString() })
        .end(JSON.stringify(answer));
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    return { url, claims, [Symbol.asyncDispose]: () => new Promise<void>((closed) => server.close(() => closed())) };
  };

  test.each([0, -7_200_000, 7_200_000])('signs in, also if the service’s clock is %d ms ahead', async (aheadMs) => {
    await using at = await start();
    await using google = await endpoint(aheadMs);
    const file = {
      client_email: 'robot@example.iam.gserviceaccount.com',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      token_uri: google.url,
    };
    await connected(at.store, at.fake, {
      auth: { scheme: 'google-service-account', scopes: ['https://www.googleapis.com/auth/spreadsheets'], subject: 'ada@nordlicht.example' },
      sealedSecret: secrets.seal(JSON.stringify(file), 'con_1'),
      tokens: null,
    });
    expect(await keeperOn(at.store).accessToken(here, 'con_1')).toBe('of-google');
    expect(google.claims[0]).toMatchObject({
      iss: file.client_email,
      sub: 'ada@nordlicht.example',
      scope: 'https://www.googleapis.com/auth/spreadsheets',
      aud: google.url,
    });
  });
});
