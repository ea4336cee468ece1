import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeClient, startFakeOAuth } from '../../../test/kit/fake-oauth.ts';
import { createEgress } from '../../egress/egress.ts';
import { connections, DEFAULT_WORKSPACE as here } from '../../store/collections.ts';
import { pendingSignIns } from '../../store/sign-in-collections.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite-store.ts';
import { beginSignIn, finishSignIn, forgetPendingSignIns } from './sign-in-flow.ts';

/** A connection, its service, and a clock to move. */
async function start() {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-sign-in-'));
  const store = openSqliteStore({ file: join(folder, 'test.db') });
  const fake = await startFakeOAuth();
  const egress = createEgress({ allow: ['127.0.0.1'] });
  const clock = { at: new Date('2026-11-29T12:00:00Z'), now: () => clock.at };
  const secrets = { seal: (plain: string, id: string) => `${id}|${plain}`, open: (sealed: string, id: string) => sealed.slice(id.length + 1) };
  const auth = {
    scheme: 'oauth2' as const,
    grant: 'authorization-code' as const,
    authorizeUrl: `${fake.url}/authorize`,
    tokenUrl: `${fake.url}/token`,
    clientId: fakeClient.id,
    scopes: [],
  };
  const at = clock.at.toISOString();
  const kept = { sealedSecret: `con_1|${fakeClient.secret}`, secretHint: null, createdAt: at, updatedAt: at, health: null, revision: 1 };
  await store.in(here).insert(connections, { id: 'con_1', workspaceId: here, name: 'Mail', kind: 'http', baseUrl: null, auth, ...kept });
  const parts = { store, secrets, fetch: egress.fetchFor({ allowLoopback: false }), clock };
  const by = { workspaceId: here, actor: { kind: 'user', id: 'owner' } as const, credentialId: 'ses_1' };
  return {
    store,
    clock,
    parts,
    by,
    begin: async () => {
      const url = await beginSignIn(parts, { ...by, redirectUrl: 'http://127.0.0.1/api/oauth/callback' }, { id: 'con_1', auth });
      return new URL(await fake.consent(url)).searchParams;
    },
    [Symbol.asyncDispose]: async () => {
      await egress.close();
      await fake[Symbol.asyncDispose]();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

test('a sign-in is completed only by the session that began it', async () => {
  await using at = await start();
  const answered = await at.begin();
  expect(await finishSignIn(at.parts, { ...at.by, credentialId: 'ses_2' }, answered)).toEqual({ connectionId: null, ok: false });
  expect(await finishSignIn(at.parts, at.by, answered)).toEqual({ connectionId: 'con_1', ok: true });
});

test('its state is used once, also by requests at the same time', async () => {
  await using at = await start();
  const answered = await at.begin();
  const results = await Promise.all([1, 2, 3].map(() => finishSignIn(at.parts, at.by, answered)));
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
});

test('its state is valid for ten minutes, and forgotten then', async () => {
  await using at = await start();
  const late = await at.begin();
  const never = await at.begin();
  at.clock.at = new Date(at.clock.at.getTime() + 600_001);
  expect(await finishSignIn(at.parts, at.by, late)).toEqual({ connectionId: null, ok: false });
  await forgetPendingSignIns(at.parts, here);
  expect((await at.store.in(here).find(pendingSignIns)).items).toEqual([]);
  expect(await finishSignIn(at.parts, at.by, never)).toEqual({ connectionId: null, ok: false });
});

test('neither its state nor its code verifier can be read in the store', async () => {
  await using at = await start();
  const answered = await at.begin();
  const [pending] = (await at.store.in(here).find(pendingSignIns)).items;
  expect(pending?.id).not.toBe(answered.get('state'));
  expect(pending?.sealedVerifier.startsWith(`${pending.id}|`)).toBe(true);
});
