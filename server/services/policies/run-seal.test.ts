import { AppError } from '@switchyard/shared/errors.ts';
import { expect, test } from 'vitest';
import type { RunKeyRecord } from '../../store/policy-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { createSeal, sealOf } from './run-seal.ts';

/** A store of run keys, and secrets that show their key. */
function createKeys() {
  const records = new Map<string, RunKeyRecord>();
  const insert = async (_: unknown, record: RunKeyRecord) => {
    if (records.has(record.id)) throw new AppError('already-exists');
    records.set(record.id, record);
  };
  const store = { get: async (_: unknown, id: string) => records.get(id), insert } as unknown as WorkspaceStore;
  const secrets = { seal: (key: string, purpose: string) => `${purpose} ${key}`, open: (sealed: string) => sealed.split(' ')[1] ?? '' };
  const run = (id: string) => ({ id, workspaceId: 'w' });
  return { store, secrets, run, keyOf: (id: string) => secrets.open(records.get(id)?.sealed ?? ''), forget: (id: string) => records.delete(id) };
}

test('A child run has the key of its root run, in a record of its own', async () => {
  const { store, secrets, run, keyOf, forget } = createKeys();
  await createSeal(store, secrets, run('root'));
  await createSeal(store, secrets, run('child'), 'root');
  await createSeal(store, secrets, run('grandchild'), 'child');
  expect(keyOf('root')).not.toBe('');
  expect([keyOf('child'), keyOf('grandchild')]).toEqual([keyOf('root'), keyOf('root')]);
  forget('root');
  expect(await sealOf(store, secrets, 'root')).toBeUndefined();
  const seal = await sealOf(store, secrets, 'child');
  expect(seal?.open(seal.seal({ a: 1 }))).toEqual({ a: 1 });
});

test('A child of a run without a key has its own, and keeps it if its acceptance is repeated', async () => {
  const { store, secrets, run, keyOf } = createKeys();
  const first = await createSeal(store, secrets, run('child'), 'root');
  const key = keyOf('child');
  const again = await createSeal(store, secrets, run('child'), 'root');
  expect(keyOf('child')).toBe(key);
  expect(again.open(first.seal('text'))).toBe('text');
});
