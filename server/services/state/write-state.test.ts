import type { StateChange } from '@switchyard/shared/run/state-change.ts';
import { expect, test } from 'vitest';
import { endingAfter, onBothStores } from '../../../test/kit/both-stores.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { stateChanges, stateEntries } from '../../store/state/state-collections.ts';
import { tidyState } from './tidy-state.ts';
import { createStateWriter, readState, SEEN_TABLE, type StatePlace, type WriteState } from './write-state.ts';

const AT = '2026-01-05T10:00:00.000Z';
const PLACE: StatePlace = { workspaceId: 'here', workflowId: 'wf_1', space: 'live', table: '', key: 'count' };
const ADD: StateChange = { operation: 'increment', by: 1 };

const write = (store: WorkspaceStore, id: string, change: StateChange = ADD, writer: WriteState = createStateWriter(), place = PLACE, at = AT) =>
  writer(store, place, { id, runId: null, change, at });
const readValue = async (store: WorkspaceStore, place = PLACE, at = AT) => (await readState(store, place, at))?.value;
const later = (ms: number) => new Date(Date.parse(AT) + ms);
const tidy = (store: WorkspaceStore, ms: number) => tidyState(store, later(ms), new AbortController().signal);

onBothStores('Stored state', (open) => {
  test('counts each change once, however many processes make them in parallel', async () => {
    await using home = await open();
    const store = home.store.in('here');
    const writers = [createStateWriter(), createStateWriter(), createStateWriter()];
    const calls = Array.from({ length: 60 }, (_, index) => write(store, `call ${index}`, ADD, writers[index % writers.length]));
    const values = (await Promise.all(calls)).map(({ value }) => value as number).sort((a, b) => a - b);
    expect(values).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    expect(await readValue(store)).toBe(60);
    const entries = (await store.find(stateEntries)).items;
    expect(entries[0]?.pending.length).toBeLessThan(writers.length + 1);
  });

  test('returns the first result when a call is repeated, also at the same moment', async () => {
    await using home = await open();
    const store = home.store.in('here');
    const results = await Promise.all(Array.from({ length: 8 }, () => write(store, 'one')));
    await write(store, 'two');
    results.push(await write(store, 'one', { operation: 'increment', by: 100 }));
    expect(new Set(results.map(({ value }) => value))).toEqual(new Set([1]));
    expect(await readValue(store)).toBe(2);
  });

  test('counts once if the process ends anywhere, and others write before the call is repeated', async () => {
    await using home = await open();
    const store = home.store.in('here');
    for (let changes = 0; changes < 4; changes++) {
      await write(endingAfter(changes, store), `cut ${changes}`).catch(() => {});
      await write(store, `between ${changes}`);
      await write(store, `after ${changes}`);
      await write(store, `cut ${changes}`);
      expect(await readValue(store)).toBe((changes + 1) * 3);
    }
  });

  test('deletes a value once, and forgets its entry', async () => {
    await using home = await open();
    const store = home.store.in('here');
    await write(store, 'one');
    expect(await write(store, 'two', { operation: 'delete' })).toEqual({ value: null, found: true, changed: true });
    expect((await store.find(stateEntries)).items).toEqual([]);
    await write(store, 'three');
    await write(endingAfter(2, store), 'four', { operation: 'delete' }).catch(() => {});
    expect(await readValue(store)).toBeUndefined();
    expect(await write(store, 'four', { operation: 'delete' })).toMatchObject({ found: true });
    expect((await store.find(stateEntries)).items).toEqual([]);
  });

  test('remembers a value until its time is over, for one of many', async () => {
    await using home = await open();
    const store = home.store.in('here');
    const place = { ...PLACE, table: SEEN_TABLE };
    const remember = (id: string, at: Date) =>
      write(
        store,
        id,
        { operation: 'remember', at: at.toISOString(), until: new Date(at.getTime() + 1_000).toISOString() },
        undefined,
        place,
        at.toISOString(),
      );
    const found = (await Promise.all(Array.from({ length: 10 }, (_, index) => remember(`${index}`, later(0))))).filter((result) => !result.found);
    expect(found).toHaveLength(1);
    expect(await remember('last', later(999))).toMatchObject({ found: true, value: AT });
    expect(await remember('again', later(1_000))).toMatchObject({ found: false });
    await tidy(store, 3_000_000);
    expect((await store.find(stateEntries)).items).toHaveLength(1);
    await tidy(store, 3_700_000);
    expect([(await store.find(stateEntries)).items, (await store.find(stateChanges)).items]).toEqual([[], []]);
  });

  test('keeps values after their changes were tidied', async () => {
    await using home = await open();
    const store = home.store.in('here');
    await write(store, 'one');
    await tidy(store, 3_700_000);
    expect((await store.find(stateChanges)).items).toEqual([]);
    await write(store, 'two');
    expect(await readValue(store)).toBe(2);
  });

  test('rejects large values and keys, and values of the wrong type, unchanged', async () => {
    await using home = await open();
    const store = home.store.in('here');
    await expect(write(store, 'a', { operation: 'set', value: 'x'.repeat(70_000) })).rejects.toMatchObject({ code: 'too-large' });
    await expect(write(store, 'b', ADD, undefined, { ...PLACE, key: 'x'.repeat(201) })).rejects.toMatchObject({ code: 'bad-request' });
    await write(store, 'c', { operation: 'set', value: 'text' });
    await expect(write(store, 'd')).rejects.toMatchObject({ code: 'bad-request' });
    expect(await readValue(store)).toBe('text');
  });
});
