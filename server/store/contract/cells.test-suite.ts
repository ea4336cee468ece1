import { describe, expect, it } from 'vitest';
import { cellField } from '../declared-fields.ts';
import type { CellCondition, Page, Query, Store } from '../port.ts';
import { type MakeHome, openFresh, type Sheet, sheets, things, WORKSPACE } from './things.fixture.ts';

const ROWS: Readonly<Record<string, Sheet['cells']>> = {
  a: { t: 'GRÜSSE.*', n: 2, b: true, j: { x: [1] } },
  b: { t: 'grün', n: 10, b: false },
  c: {},
  d: { t: '50% off', n: -1.5, j: [] },
};

const CASES: readonly (readonly [CellCondition, string])[] = [
  [{ cell: 't', is: 'equal', value: 'grün' }, 'b'],
  [{ cell: 't', is: 'not-equal', value: 'grün' }, 'acd'],
  [{ cell: 't', is: 'contains', value: 'GRÜ' }, 'ab'],
  [{ cell: 't', is: 'contains', value: 'sse.*' }, 'a'],
  [{ cell: 't', is: 'contains', value: '%' }, 'd'],
  [{ cell: 't', is: 'starts-with', value: 'GRÜ' }, 'a'],
  [{ cell: 't', is: 'starts-with', value: '.' }, ''],
  [{ cell: 't', is: 'empty' }, 'c'],
  [{ cell: 't', is: 'filled' }, 'abd'],
  [{ cell: 'j', is: 'filled' }, 'ad'],
  [{ cell: 'n', is: 'above', value: 2 }, 'b'],
  [{ cell: 'n', is: 'at-least', value: 2 }, 'ab'],
  [{ cell: 'n', is: 'below', value: 2 }, 'd'],
  [{ cell: 'n', is: 'at-most', value: 2 }, 'ad'],
  [{ cell: 'b', is: 'equal', value: false }, 'b'],
  [{ cell: 'b', is: 'not-equal', value: true }, 'bcd'],
  [{ cell: 'other', is: 'empty' }, 'abcd'],
];

/** Conditions on cells, which need no index, and order by them. */
export const describeCells = (makeHome: MakeHome): void => {
  describe('cells', () => {
    const fill = async (store: Store): Promise<void> => {
      const here = store.in(WORKSPACE);
      await Promise.all(Object.entries(ROWS).map(([id, cells]) => here.insert(sheets, { id, workspaceId: WORKSPACE, place: 'one', cells })));
      await here.insert(sheets, { id: 'z', workspaceId: WORKSPACE, place: 'two', cells: ROWS.a ?? {} });
    };
    const idsOf = async (store: Store, query: Query): Promise<string> => {
      let ids = '';
      let cursor: string | null = null;
      do {
        const page: Page<Sheet> = await store.in(WORKSPACE).find(sheets, { where: { place: 'one' }, ...query, ...(cursor !== null && { cursor }) });
        ids += page.items.map(({ id }) => id).join('');
        cursor = page.nextCursor;
      } while (cursor !== null);
      return ids;
    };

    it('are compared by their type', async () => {
      await using fresh = await openFresh(makeHome);
      await fill(fresh.store);
      for (const [condition, expected] of CASES) {
        const cells = { match: 'all' as const, conditions: [condition] };
        expect([condition, await idsOf(fresh.store, { cells, aside: true })]).toEqual([condition, expected]);
        expect(await fresh.store.in(WORKSPACE).count(sheets, { where: { place: 'one' }, cells, aside: true }, 10)).toBe(expected.length);
      }
      const both: CellCondition[] = [
        { cell: 'n', is: 'above', value: 2 },
        { cell: 't', is: 'contains', value: 'off' },
      ];
      expect(await idsOf(fresh.store, { cells: { match: 'any', conditions: both } })).toBe('bd');
      expect(await idsOf(fresh.store, { cells: { match: 'all', conditions: both } })).toBe('');
    });

    it('order pages, with empty ones first', async () => {
      await using fresh = await openFresh(makeHome);
      await fill(fresh.store);
      expect(await idsOf(fresh.store, { order: { field: cellField('n') }, limit: 1 })).toBe('cdab');
      expect(await idsOf(fresh.store, { order: { field: cellField('n'), descending: true }, limit: 2 })).toBe('badc');
      expect(await idsOf(fresh.store, { order: { field: cellField('b') }, limit: 1 })).toBe('cdba');
    });

    it('are compared as they are after a change', async () => {
      await using fresh = await openFresh(makeHome);
      await fill(fresh.store);
      await fresh.store.in(WORKSPACE).update(sheets, 'a', { cells: { n: 7 } });
      expect(await idsOf(fresh.store, { cells: { match: 'all', conditions: [{ cell: 'n', is: 'equal', value: 7 }] } })).toBe('a');
      expect(await idsOf(fresh.store, { cells: { match: 'all', conditions: [{ cell: 't', is: 'empty' }] } })).toBe('ac');
    });

    it('are only those of a collection that has some, by plain names', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await expect(here.find(things, { order: { field: cellField('n') } })).rejects.toMatchObject({ code: 'internal' });
      await expect(here.find(sheets, { order: { field: cellField("n') --") } })).rejects.toMatchObject({ code: 'internal' });
    });
  });
};
