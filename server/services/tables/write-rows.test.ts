import type { RowFilter } from '@switchyard/shared/tables/row-filter.ts';
import type { RowChange } from '@switchyard/shared/tables/row-request.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endingAfter, onBothStores } from '../../../test/kit/both-stores.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { rowChanges, type TableRecord, tableRows, tables } from '../../store/state/table-collections.ts';
import { countRows, findRows } from './find-rows.ts';
import { tidyTables } from './tidy-tables.ts';
import { createRowWriter, type WriteRows } from './write-rows.ts';

const AT = '2026-01-05T10:00:00.000Z';
const TABLE: TableRecord = {
  id: 'tbl_1',
  workspaceId: 'here',
  name: 'Orders',
  nameKey: 'orders',
  columns: [
    { id: 'c1', name: 'Number', type: 'text', isKey: true },
    { id: 'c2', name: 'Total', type: 'number', isKey: false },
    { id: 'c3', name: 'Paid', type: 'boolean', isKey: false },
  ],
  lastColumn: 3,
  removed: [],
  keepDays: null,
  deletedAt: null,
  revision: 1,
  createdAt: AT,
  updatedAt: AT,
  actor: { kind: 'user', id: 'ada' },
};
/** The table in each test’s own workspace. */
const placeIn = ({ workspaceId }: Here) => ({ table: { ...TABLE, workspaceId }, space: 'live' as const });
const ALL: RowFilter = { match: 'all', conditions: [] };
const PAID: RowFilter = { match: 'all', conditions: [{ column: 'Paid', is: 'equal', value: true }] };

interface Here {
  readonly store: WorkspaceStore;
  readonly workspaceId: string;
}

const write = (here: Here, id: string, change: RowChange, writer: WriteRows = createRowWriter()) =>
  writer(here.store, placeIn(here), { id, runId: null, change, at: AT });
const cut = (changes: number, here: Here): Here => ({ ...here, store: endingAfter(changes, here.store) });
const add = (cells: Record<string, unknown>): RowChange => ({ operation: 'add-row', cells });
const upsert = (cells: Record<string, unknown>): RowChange => ({ operation: 'upsert-row', cells });
const cellsIn = async (here: Here) =>
  (await findRows(here.store, placeIn(here), { filter: ALL, sort: { column: 'Number', descending: false }, limit: 1_000 })).items.map(({ cells }) => cells);

onBothStores('Rows', (open) => {
  let home: Awaited<ReturnType<typeof open>>;
  let number = 0;
  beforeAll(async () => {
    home = await open();
  });
  afterAll(() => home[Symbol.asyncDispose]());
  const fresh = (): Here => {
    const workspaceId = `workspace-${++number}`;
    return { workspaceId, store: home.store.in(workspaceId) };
  };

  test('adds each row once, and returns its first result when a call is repeated', async () => {
    const here = fresh();
    const results = await Promise.all(Array.from({ length: 8 }, () => write(here, 'one', add({ number: 'A', total: '5' }))));
    expect(results.map(({ row }) => row)).toEqual(Array.from({ length: 8 }, () => results[0]?.row));
    expect(results[0]).toMatchObject({ row: { Number: 'A', Total: 5, Paid: null }, count: 1, added: true });
    expect(await cellsIn(here)).toEqual([{ c1: 'A', c2: 5 }]);
  });

  test('of parallel calls with the same key, one adds the row and the others update it', async () => {
    const here = fresh();
    const writers = [createRowWriter(), createRowWriter(), createRowWriter()];
    const calls = Array.from({ length: 15 }, (_, index) => write(here, `call ${index}`, upsert({ Number: 'A', Total: index }), writers[index % 3]));
    const results = await Promise.all(calls);
    expect(results.filter(({ added }) => added)).toHaveLength(1);
    expect(await cellsIn(here)).toHaveLength(1);
    await expect(write(here, 'more', add({ Number: 'A' }))).rejects.toMatchObject({
      code: 'already-exists',
      message: expect.stringContaining('“Number” = “A”'),
    });
  });

  test('changes once if the process ends anywhere, and others write before the call is repeated', async () => {
    const here = fresh();
    const { store } = here;
    for (let changes = 0; changes < 5; changes++) {
      const [key, call] = [`key ${changes}`, `cut ${changes}`];
      await write(cut(changes, here), call, upsert({ Number: key, Total: 1 })).catch(() => {});
      // The row is deleted, and others add one with the same key, so a second application would change that one.
      await write(here, `delete ${changes}`, {
        operation: 'delete-rows',
        filter: { match: 'all', conditions: [{ column: 'Number', is: 'equal', value: key }] },
      });
      const { added } = await write(here, `other ${changes}`, upsert({ Number: key, Total: 2 }));
      const { added: repeated } = await write(here, call, upsert({ Number: key, Total: 1 }));
      expect([changes, added]).toEqual([changes, true]);
      const [row] = (
        await findRows(store, placeIn(here), { filter: { match: 'all', conditions: [{ column: 'Number', is: 'equal', value: key }] }, sort: null, limit: 2 })
      ).items;
      // It was inserted in the third write: from then on, the repetition only returns what it did.
      expect([changes, repeated, row?.cells.c2]).toEqual([changes, changes >= 3, changes >= 3 ? 2 : 1]);
    }
  });

  test('updates and deletes by filter count each row once, whenever the process ends', async () => {
    const here = fresh();
    const { store } = here;
    for (let index = 0; index < 4; index++) await write(here, `add ${index}`, add({ Number: `${index}`, Total: index, Paid: index % 2 === 0 }));
    const change: RowChange = { operation: 'update-rows', filter: PAID, cells: { Total: 100, Paid: false } };
    for (const changes of [1, 2, 3]) await write(cut(changes, here), 'update', change).catch(() => {});
    await write(here, 'pay', {
      operation: 'update-rows',
      filter: { match: 'all', conditions: [{ column: 'Number', is: 'equal', value: '0' }] },
      cells: { Paid: true },
    });
    expect(await write(here, 'update', change)).toMatchObject({ count: 2, more: false });
    expect(await cellsIn(here)).toEqual([
      { c1: '0', c2: 100, c3: true },
      { c1: '1', c2: 1, c3: false },
      { c1: '2', c2: 100, c3: false },
      { c1: '3', c2: 3, c3: false },
    ]);
    const remove: RowChange = { operation: 'delete-rows', filter: { match: 'any', conditions: [{ column: 'Total', is: 'at-least', value: 100 }] } };
    await write(cut(3, here), 'remove', remove).catch(() => {});
    expect(await write(here, 'remove', remove)).toMatchObject({ count: 2 });
    expect(await write(here, 'remove', remove)).toMatchObject({ count: 2 });
    expect([await countRows(store, placeIn(here), ALL), (await store.find(tableRows)).items.length]).toEqual([2, 2]);
  });

  test('names each wrong cell, unknown columns, and a missing key, and changes nothing', async () => {
    const here = fresh();
    await expect(write(here, 'a', add({ Total: 'x', Paid: 'maybe' }))).rejects.toMatchObject({
      code: 'bad-request',
      message: '“Total” is “x”, but must be a number.',
      fields: [{ path: 'Total' }, { path: 'Paid' }],
    });
    await expect(write(here, 'b', add({ Sum: 1 }))).rejects.toMatchObject({ message: expect.stringContaining('Its columns are “Number”, “Total”, “Paid”') });
    await expect(write(here, 'c', upsert({ Total: 1 }))).rejects.toMatchObject({ message: expect.stringContaining('“Number” is empty') });
    await expect(write(here, 'd', add({ Number: 'x'.repeat(201) }))).rejects.toMatchObject({ code: 'bad-request' });
    expect(await cellsIn(here)).toEqual([]);
  });

  test('tidying forgets settled changes, old rows, removed columns, and deleted tables', async () => {
    const here = fresh();
    const { store } = here;
    const tidy = (hours: number) => tidyTables(store, new Date(Date.parse(AT) + hours * 3_600_000), new AbortController().signal);
    await insertIfAbsent(store, tables, { ...TABLE, workspaceId: here.workspaceId, keepDays: 2, removed: ['c9'] });
    await write(here, 'one', add({ Number: 'A', Total: 1 }));
    await store.update(tableRows, (await store.find(tableRows)).items[0]?.id ?? '', { cells: { c1: 'A', c9: 'old' } });
    await tidy(2);
    expect([(await store.find(rowChanges)).items, await cellsIn(here), (await store.get(tables, TABLE.id))?.removed]).toEqual([[], [{ c1: 'A' }], []]);
    await tidy(49);
    expect(await cellsIn(here)).toEqual([]);
    await write(here, 'two', add({ Number: 'B' }));
    await store.update(tables, TABLE.id, { deletedAt: AT });
    await tidy(3);
    expect([(await store.find(tableRows)).items, (await store.find(tables)).items]).toEqual([[], []]);
  });
});
