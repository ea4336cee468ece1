import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@switchyard/shared/errors.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prices } from '../../store/money-collections.ts';
import type { Store } from '../../store/port.ts';
import { changes, prompts } from '../../store/registry-collections.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite-store.ts';
import { recordChange } from './record-change.ts';
import { settleChanges } from './settle-changes.ts';

const HERE = 'default';
let folder: string;
let stores: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-changes-'));
  stores = openSqliteStore({ file: join(folder, 'test.db') });
});
afterEach(async () => {
  await stores.close();
  rmSync(folder, { recursive: true });
});

const NOW = new Date('2026-03-01T12:00:00.000Z');
const now = () => NOW;
const intended = (revision: number, action = 'update') => ({
  workspaceId: HERE,
  actor: { kind: 'user' as const, id: 'ada' },
  subject: { kind: 'prompt' as const, id: 'greet' },
  action,
  before: { version: 1 },
  after: { version: 2 },
  reason: 'shorter',
  revision,
});
const recorded = async () => (await stores.in(HERE).find(changes)).items;
const prompt = { id: 'prm_1', workspaceId: HERE, name: 'greet', description: '', latestVersion: 1, labels: [], revision: 2, createdAt: '', updatedAt: '' };

test('records a change before it is made, and its outcome after', async () => {
  const seen = await recordChange({ stores, now }, intended(2), async () => (await recorded())[0]);
  expect(seen).toMatchObject({ applied: null, openSince: NOW.toISOString(), reason: 'shorter', actorId: 'ada' });
  expect(await recorded()).toMatchObject([{ applied: true, openSince: null }]);
});

test('marks a change that lost against another one, and rejects it', async () => {
  await expect(recordChange({ stores, now }, intended(2), async () => undefined)).rejects.toMatchObject({ code: 'revision-conflict' });
  expect(await recorded()).toMatchObject([{ applied: false }]);
});

test('settles interrupted changes by the revision of their subject', async () => {
  const cutOff = async (revision: number, action?: string) =>
    recordChange(
      { stores: { ...stores, in: () => ({ ...stores.in(HERE), update: () => new Promise(() => {}) }) as never }, now },
      intended(revision, action),
      async () => true,
    );
  void cutOff(2);
  void cutOff(3);
  void cutOff(4, 'delete');
  await expect.poll(async () => (await recorded()).length).toBe(3);
  await stores.in(HERE).insert(prompts, prompt);
  await settleChanges(stores.in(HERE), NOW);
  expect((await recorded()).every(({ applied }) => applied === null)).toBe(true);
  await settleChanges(stores.in(HERE), new Date(NOW.getTime() + 61_000));
  const outcomes = Object.fromEntries((await recorded()).map(({ revision, applied }) => [revision, applied]));
  expect(outcomes).toEqual({ 2: true, 3: false, 4: false });
});

test('settles an interrupted change of a price by the price it set', async () => {
  const price = { model: 'llama3.1:8b', connectionId: null, input: 0.2, cachedInput: null, output: 0.2, from: null };
  const change = (from: string | null) => ({
    ...intended(1, 'create'),
    subject: { kind: 'price' as const, id: price.model },
    before: null,
    after: { ...price, from, builtIn: false },
  });
  const databaseAway = () => Promise.reject(new AppError('not-ready', 'The database is away.'));
  await expect(recordChange({ stores, now }, change(null), databaseAway)).rejects.toMatchObject({ code: 'not-ready' });
  await expect(recordChange({ stores, now }, change('2026-04-01T00:00:00.000Z'), databaseAway)).rejects.toMatchObject({ code: 'not-ready' });
  await stores.in(HERE).insert(prices, { id: 'llama3.1:8b||', workspaceId: HERE, ...price, revision: 1, updatedAt: '' });
  await settleChanges(stores.in(HERE), new Date(NOW.getTime() + 61_000));
  const outcomes = (await recorded()).map(({ after, applied }) => [(after as { from: string | null }).from ?? 'always', applied]);
  expect(Object.fromEntries(outcomes)).toEqual({ always: true, '2026-04-01T00:00:00.000Z': false });
});
