import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OWNER } from '@switchyard/shared/run/actor.ts';
import { expect, test } from 'vitest';
import type { Store } from '../../store/port.ts';
import { apiTokens, sessions } from '../../store/sign-in-collections.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite-store.ts';
import { ALL_SCOPES, type Caller } from '../caller.ts';
import { openSignIn } from './sign-in.ts';

const HOME = 'default';
const OWNER_HERE: Caller = { ...OWNER, workspaceId: HOME, role: ALL_SCOPES, name: 'owner' };
const PASSWORD = 'correct horse battery';
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const FROM = { address: '192.0.2.1', userAgent: 'Test' };

function openWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-sign-in-'));
  const store = openSqliteStore({ file: join(folder, 'test.db') });
  const world = { at: Date.parse('2026-01-01T00:00:00Z'), warnings: [] as unknown[] };
  const note = (...all: unknown[]): void => {
    world.warnings.push(all);
  };
  const open = (over: Store = store, password: string | undefined = PASSWORD) =>
    openSignIn({ stores: over, home: HOME, password, now: () => new Date(world.at), log: { info: () => {}, warn: note } as never });
  return {
    world,
    store,
    open,
    kept: () => store.in(HOME).find(sessions),
    [Symbol.asyncDispose]: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
const bySession = (session: string) => ({ session, bearer: undefined });
const byToken = (bearer: string) => ({ session: undefined, bearer });

test('a session lasts 30 days from its last use, recorded at most every ten minutes', async () => {
  await using here = openWorld();
  const signIn = await here.open();
  const { token } = await signIn.signIn(PASSWORD, FROM);
  const seen = async () => (await here.kept()).items[0]?.lastSeenAt;
  const began = await seen();
  here.world.at += 9 * MINUTE_MS;
  expect(await signIn.recognize(bySession(token))).toMatchObject({ renewed: false, by: 'session', caller: { kind: 'user', id: 'owner', workspaceId: HOME } });
  expect(await seen()).toBe(began);
  here.world.at += 2 * MINUTE_MS;
  expect(await signIn.recognize(bySession(token))).toMatchObject({ renewed: true });
  expect(await seen()).toBe(new Date(here.world.at).toISOString());
  for (let time = 0; time < 3; time++) {
    here.world.at += 29 * DAY_MS;
    expect(await signIn.recognize(bySession(token))).toMatchObject({ renewed: true });
  }
  here.world.at += 30 * DAY_MS;
  expect(await signIn.recognize(bySession(token))).toBeUndefined();
});

test('housekeeping deletes and reports expired sessions, and keeps the others', async () => {
  await using here = openWorld();
  const signIn = await here.open();
  const ended: string[] = [];
  signIn.onEnd((id) => ended.push(id));
  const old = await signIn.signIn(PASSWORD, FROM);
  here.world.at += 20 * DAY_MS;
  const young = await signIn.signIn(PASSWORD, FROM);
  here.world.at += 11 * DAY_MS;
  await signIn.sessions.forgetOld(HOME);
  expect(ended).toEqual([old.signedIn.id]);
  expect((await here.kept()).items.map(({ id }) => id)).toEqual([young.signedIn.id]);
});

test('known callers are allowed even if the store accepts no writes', async () => {
  await using here = openWorld();
  const full: Store = { ...here.store, in: (id) => ({ ...here.store.in(id), update: () => Promise.reject(new Error('The disk is full')) }) };
  const { token } = await (await here.open()).signIn(PASSWORD, FROM);
  const made = await (await here.open()).tokens.create(OWNER_HERE, 'CI');
  here.world.at += DAY_MS;
  const signIn = await here.open(full);
  expect(await signIn.recognize(bySession(token))).toMatchObject({ renewed: false, by: 'session' });
  expect(await signIn.recognize(byToken(made.token))).toMatchObject({ by: 'token', caller: { kind: 'token', id: made.id } });
});

test('a token can’t be used as a session, nor a session as a token', async () => {
  await using here = openWorld();
  const signIn = await here.open();
  const { token } = await signIn.signIn(PASSWORD, FROM);
  const made = await signIn.tokens.create(OWNER_HERE, 'CI');
  expect(await signIn.recognize(bySession(made.token))).toBeUndefined();
  expect(await signIn.recognize(byToken(token))).toBeUndefined();
  // A session next to an invalid token does not help.
  expect(await signIn.recognize({ session: token, bearer: 'swy_other' })).toBeUndefined();
});

test('the last use of a token is known to the minute', async () => {
  await using here = openWorld();
  const signIn = await here.open();
  const { token } = await signIn.tokens.create(OWNER_HERE, 'CI');
  const used = async () => (await signIn.tokens.list(HOME, { limit: 10 })).items[0]?.lastUsedAt;
  expect(await used()).toBeNull();
  await signIn.recognize(byToken(token));
  const first = await used();
  here.world.at += MINUTE_MS / 2;
  await signIn.recognize(byToken(token));
  expect(await used()).toBe(first);
  here.world.at += MINUTE_MS;
  await signIn.recognize(byToken(token));
  expect(await used()).toBe(new Date(here.world.at).toISOString());
});

test('sessions end when their password changes, and a short password causes a warning', async () => {
  await using here = openWorld();
  const first = await here.open();
  const { token } = await first.signIn(PASSWORD, FROM);
  expect(here.world.warnings).toEqual([]);
  const other = await here.open(here.store, 'short');
  expect(here.world.warnings).toHaveLength(1);
  expect(JSON.stringify(here.world.warnings)).not.toContain('"short"');
  expect(await other.recognize(bySession(token))).toBeUndefined();
  expect((await here.kept()).items).toEqual([]);
});

test('a token of version 0.1 keeps every scope but admin, and a new one has those it was given', async () => {
  await using here = openWorld();
  const signIn = await here.open();
  const old = await signIn.tokens.create(OWNER_HERE, 'Old');
  await here.store.in(HOME).update(apiTokens, old.id, { scopes: undefined });
  const scopesOf = async (token: string) => [...((await signIn.recognize(byToken(token)))?.caller.role ?? [])].sort();
  expect(await scopesOf(old.token)).toEqual(['edit', 'read', 'review', 'run']);
  expect(await scopesOf((await signIn.tokens.create(OWNER_HERE, 'Plain')).token)).toEqual(['edit', 'read', 'run']);
  expect(await scopesOf((await signIn.tokens.create(OWNER_HERE, 'Reader', ['read', 'read'])).token)).toEqual(['read']);
});

test('a token can’t create one with more scopes, and takes those it created with it', async () => {
  await using here = openWorld();
  const signIn = await here.open();
  const admin = await signIn.tokens.create(OWNER_HERE, 'Admin', ['read', 'admin']);
  const caller = (await signIn.recognize(byToken(admin.token)))?.caller ?? OWNER_HERE;
  await expect(signIn.tokens.create(caller, 'More', ['edit'])).rejects.toMatchObject({ code: 'forbidden' });
  const made = await signIn.tokens.create(caller, 'Made', ['read']);
  await signIn.tokens.revoke(HOME, admin.id);
  expect(await signIn.recognize(byToken(made.token))).toBeUndefined();
});

test('a session or a token leads to its own workspace', async () => {
  await using here = openWorld();
  const signIn = await here.open();
  const { token } = await signIn.tokens.create({ ...OWNER_HERE, workspaceId: 'other' }, 'Other');
  const session = await signIn.sessions.start('other', 'Test');
  expect(await signIn.recognize(byToken(token))).toMatchObject({ caller: { workspaceId: 'other' } });
  expect(await signIn.recognize(bySession(session.token))).toMatchObject({ caller: { workspaceId: 'other' } });
});
