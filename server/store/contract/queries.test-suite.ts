import { describe, expect, it } from 'vitest';
import type { Query, Store } from '../port.ts';
import { type MakeHome, openFresh, thing, things, WORKSPACE } from './things.fixture.ts';

/** Find: filters, order, pages. */
export const describeQueries = (makeHome: MakeHome): void => {
  describeFilters(makeHome);
  describePages(makeHome);
  describeMisuse(makeHome);
};

const idsOf = async (store: Store, query: Query): Promise<string[]> => (await store.in(WORKSPACE).find(things, query)).items.map((item) => item.id);

const describeFilters = (makeHome: MakeHome): void => {
  describe('find', () => {
    const fill = async (store: Store): Promise<void> => {
      const here = store.in(WORKSPACE);
      await here.insert(things, thing({ id: 'a', kind: 'red', rank: 1, done: true, owner: 'anna', title: '100% Wool_Socks' }));
      await here.insert(things, thing({ id: 'b', kind: 'red', rank: 2, done: false, owner: null, title: 'GRÜSSE aus Köln' }));
      await here.insert(things, thing({ id: 'c', kind: 'blue', rank: 10, done: false, owner: 'bob', title: 'Back\\slash (x)' }));
    };

    it.each<[string, Query, string[]]>([
      ['everything, by ID', {}, ['a', 'b', 'c']],
      ['equal text', { where: { kind: 'red' } }, ['a', 'b']],
      ['text as text, not as a number', { where: { kind: 1 } }, []],
      ['equal booleans', { where: { done: true } }, ['a']],
      ['equal null', { where: { owner: null } }, ['b']],
      ['one of several values', { where: { owner: ['anna', 'bob', 'zoe'] } }, ['a', 'c']],
      ['one of several values, including null', { where: { owner: ['bob', null] } }, ['b', 'c']],
      ['one of no values', { where: { owner: [] } }, []],
      ['one of several IDs', { where: { id: ['c', 'a'] } }, ['a', 'c']],
      ['several fields at once', { where: { kind: 'red', rank: 2 } }, ['b']],
      ['a range with inclusive ends', { range: { field: 'rank', from: 1, to: 2 } }, ['a', 'b']],
      ['a range that compares numbers as numbers', { range: { field: 'rank', from: 3 } }, ['c']],
      ['a range of text', { range: { field: 'kind', to: 'm' } }, ['c']],
      ['text in any case', { search: 'wool' }, ['a']],
      ['text in any case beyond ASCII', { search: 'kÖLN' }, ['b']],
      ['a percent sign literally', { search: '0% w' }, ['a']],
      ['an underscore literally', { search: 'l_s' }, ['a']],
      ['an asterisk literally', { search: 'w%l' }, []],
      ['regular expression characters literally', { search: 'back\\slash (X)' }, ['c']],
      ['text and a filter together', { search: 's', where: { kind: 'blue' } }, ['c']],
      ['numbers in descending order', { order: { field: 'rank', descending: true } }, ['c', 'b', 'a']],
      ['null first', { order: { field: 'owner' } }, ['b', 'a', 'c']],
    ])('finds %s', async (_, query, expected) => {
      await using fresh = await openFresh(makeHome);
      await fill(fresh.store);
      expect(await idsOf(fresh.store, query)).toEqual(expected);
    });

    it.each<[string, Pick<Query, 'where' | 'range'>, number, number]>([
      ['everything', {}, 10, 3],
      ['equal text', { where: { kind: 'red' } }, 10, 2],
      ['a range', { range: { field: 'rank', from: 2 } }, 10, 2],
      ['no more than asked', {}, 2, 2],
      ['nothing', { where: { kind: 'green' } }, 10, 0],
    ])('counts %s', async (_, query, atMost, expected) => {
      await using fresh = await openFresh(makeHome);
      await fill(fresh.store);
      expect(await fresh.store.in(WORKSPACE).count(things, query, atMost)).toBe(expected);
      expect(await fresh.store.in('elsewhere').count(things, query, atMost)).toBe(0);
    });

    it('treats values as values, whatever they contain', async () => {
      await using fresh = await openFresh(makeHome);
      await fill(fresh.store);
      const nasty = ["' OR 1=1 --", '{"$ne":null}', '%', '"; DROP TABLE things; --'];
      for (const value of nasty) expect(await idsOf(fresh.store, { where: { kind: value } })).toEqual([]);
      expect(await idsOf(fresh.store, { where: { kind: nasty } })).toEqual([]);
      expect(await idsOf(fresh.store, {})).toHaveLength(3);
    });
  });
};

const describePages = (makeHome: MakeHome): void => {
  /** Reads all pages. `between` is called after each. */
  const walk = async (store: Store, query: Query, between: (page: number) => Promise<void> = async () => undefined): Promise<string[]> => {
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; ; page++) {
      const found = await store.in(WORKSPACE).find(things, { ...query, ...(cursor !== undefined && { cursor }) });
      seen.push(...found.items.map((item) => item.id));
      if (found.nextCursor === null) return seen;
      cursor = found.nextCursor;
      await between(page);
    }
  };
  const pad = (number: number): string => String(number).padStart(3, '0');

  describe('find in pages', () => {
    it('returns 50 records by default, and a cursor only if there are more', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await Promise.all(Array.from({ length: 51 }, (_, index) => here.insert(things, thing({ id: pad(index) }))));
      const page = await here.find(things);
      expect(page.items).toHaveLength(50);
      expect(page.nextCursor).not.toBeNull();
      expect((await here.find(things, { limit: 51 })).nextCursor).toBeNull();
    });

    it.each([false, true])('loses and repeats nothing among ties, which are ordered by ID in the same direction (descending: %s)', async (descending) => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await Promise.all(Array.from({ length: 30 }, (_, index) => here.insert(things, thing({ id: pad(index), rank: index % 3 }))));
      const byRankThenId = Array.from({ length: 30 }, (_, index) => ({ id: pad(index), rank: index % 3 })).sort(
        (a, b) => a.rank - b.rank || a.id.localeCompare(b.id),
      );
      const expected = byRankThenId.map((item) => item.id);
      expect(await walk(fresh.store, { order: { field: 'rank', descending }, limit: 4 })).toEqual(descending ? expected.toReversed() : expected);
    });

    it.each([false, true])('pages through records without a value (descending: %s)', async (descending) => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await Promise.all(Array.from({ length: 10 }, (_, index) => here.insert(things, thing({ id: pad(index), owner: index < 5 ? null : pad(index) }))));
      const expected = Array.from({ length: 10 }, (_, index) => pad(index));
      expect(await walk(fresh.store, { order: { field: 'owner', descending }, limit: 3 })).toEqual(descending ? expected.toReversed() : expected);
    });

    it.each([3, 12])('merges one of several values in the requested order, over %i values', async (kinds) => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await Promise.all(Array.from({ length: 60 }, (_, index) => here.insert(things, thing({ id: pad(index), rank: index, kind: `kind ${index % 15}` }))));
      const wanted = Array.from({ length: kinds }, (_, index) => `kind ${index}`);
      const expected = Array.from({ length: 60 }, (_, index) => index).filter((index) => index % 15 < kinds);
      const seen = await walk(fresh.store, { where: { kind: [...wanted, ...wanted] }, order: { field: 'rank', descending: true }, limit: 7 });
      expect(seen).toEqual(expected.toReversed().map(pad));
    });

    it('is not shifted by records inserted or deleted in between', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await Promise.all(Array.from({ length: 20 }, (_, index) => here.insert(things, thing({ id: pad(index), rank: 100 - index, kind: 'listed' }))));
      const seen = await walk(fresh.store, { where: { kind: 'listed' }, order: { field: 'rank', descending: true }, limit: 5 }, async (page) => {
        await here.insert(things, thing({ id: `new ${page}`, rank: 1_000 + page, kind: 'listed' }));
        if (page === 0) await here.delete(things, pad(4));
      });
      expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => pad(index)));
    });

    it.each(['', 'nonsense', 'W10', Buffer.from('["a",{"$gt":""}]').toString('base64url'), Buffer.from('[{"a":1},"b"]').toString('base64url')])(
      'rejects the made-up cursor “%s” as a bad request',
      async (cursor) => {
        await using fresh = await openFresh(makeHome);
        await expect(fresh.store.in(WORKSPACE).find(things, { cursor })).rejects.toMatchObject({ code: 'bad-request' });
      },
    );
  });
};

const describeMisuse = (makeHome: MakeHome): void => {
  describe('a query that the collection does not support', () => {
    it.each<[string, Query]>([
      ['a filter by a field without an index', { where: { body: 'x' } }],
      ['a range of a field without an index', { range: { field: 'note', from: 'x' } }],
      ['an order by a field without an index', { order: { field: 'title' } }],
      ['another workspace', { where: { workspaceId: 'there' } }],
      ['SQL in a field name', { order: { field: 'rank; DROP TABLE things' } }],
      ['a key of the prototype', { where: { constructor: 'x' } }],
      ['a limit of zero', { limit: 0 }],
    ])('is rejected: %s', async (_, query) => {
      await using fresh = await openFresh(makeHome);
      await expect(fresh.store.in(WORKSPACE).find(things, query)).rejects.toMatchObject({ code: 'internal' });
    });
  });
};
