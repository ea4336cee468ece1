import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Query, Store } from '../port.ts';
import { type Entry, entries, type MakeHome, openFresh, WORKSPACE } from './things.fixture.ts';

const newestFirst = { field: 'at', descending: true } as const;
const time = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString();
const pad = (number: number): string => String(number).padStart(4, '0');

const entry = (id: string, given: Partial<Entry> = {}): Entry => ({
  id,
  workspaceId: WORKSPACE,
  at: time(0),
  group: 'all',
  kind: 'plain',
  labels: {},
  body: { value: null },
  ...given,
});

/** The IDs on all pages. Every page but the last must be full. */
const walk = async (store: Store, query: Query, limit: number): Promise<string[]> => {
  const seen: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await store.in(WORKSPACE).find(entries, { ...query, order: newestFirst, limit, ...(cursor !== undefined && { cursor }) });
    seen.push(...page.items.map((item) => item.id));
    if (page.nextCursor === null) return seen;
    expect(page.items).toHaveLength(limit);
    cursor = page.nextCursor;
  }
};

/** Search and facets of a collection with a search index. */
export const describeSearch = (makeHome: MakeHome): void => {
  describe('search in a collection with a search index', () => {
    let fresh: Awaited<ReturnType<typeof openFresh>>;
    beforeAll(async () => {
      fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      const value = `Say "or" AND * ${'x'.repeat(40)} far away`;
      await here.insert(entries, entry('ticket-1', { at: time(1), group: 'g1', kind: 'red', labels: { tenant: 'acme', region: 'eu' }, body: { value } }));
      await here.insert(
        entries,
        entry('ticket-2', { at: time(2), group: 'g2', kind: 'blue', labels: { tenant: 'acme2' }, body: { value: { text: 'GRÜSSE' } } }),
      );
      await here.insert(
        entries,
        entry('ticket-3', { at: time(3), group: 'g2', kind: 'red', labels: { 'a:b': 'c' }, body: { value: { $blob: 'f0', preview: 'Dear' } } }),
      );
      await fresh.store.in('there').insert(entries, { ...entry('ticket-4'), workspaceId: 'there' });
    });
    afterAll(() => fresh?.[Symbol.asyncDispose]());

    it.each<[string, Query, string[]]>([
      ['part of an ID', { search: 'cket-1' }, ['ticket-1']],
      ['a label', { search: 'tenant:acme' }, ['ticket-2', 'ticket-1']],
      ['words of the input in any case', { search: 'grÜsse' }, ['ticket-2']],
      ['a single character', { search: 'ü' }, ['ticket-2']],
      ['the beginning of a large value stored separately', { search: 'dear' }, ['ticket-3']],
      ['characters of a query language', { search: '"or" AND *' }, ['ticket-1']],
      ['text in no record', { search: 'nothing here' }, []],
      ['text beyond the beginning', { search: 'far away' }, []],
      ['one value of a facet', { where: { kind: 'red' } }, ['ticket-3', 'ticket-1']],
      ['one of several values of a facet', { where: { kind: ['red', 'blue'] } }, ['ticket-3', 'ticket-2', 'ticket-1']],
      ['a value of a facet that no record has', { where: { kind: 'green' } }, []],
      ['an exact label', { where: { labels: 'tenant:acme' } }, ['ticket-1']],
      ['no label that only starts with it', { where: { labels: 'tenant:acm' } }, []],
      ['no label in a different case', { where: { labels: 'tenant:Acme' } }, []],
      ['a label whose name has a colon', { where: { labels: 'a:b:c' } }, ['ticket-3']],
      ['a facet and an index together', { where: { kind: 'red', group: 'g1' } }, ['ticket-1']],
      ['a facet and text together', { where: { kind: 'red' }, search: 'dear' }, ['ticket-3']],
      ['a facet and a range together', { where: { kind: 'red' }, range: { field: 'at', to: time(1) } }, ['ticket-1']],
      ['only records of its own workspace', { search: 'ticket' }, ['ticket-3', 'ticket-2', 'ticket-1']],
    ])('finds %s', async (_, query, expected) => {
      expect(await walk(fresh.store, query, 2)).toEqual(expected);
    });

    it('returns full pages of one label among many with the same prefix', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      const all = Array.from({ length: 600 }, (_, index) => entry(pad(index), { at: time(index % 97), labels: { tenant: `tenant${index % 30}` } }));
      await Promise.all(all.map((record) => here.insert(entries, record)));
      const expected = all.filter(({ labels }) => labels.tenant === 'tenant2').sort((a, b) => (`${a.at} ${a.id}` < `${b.at} ${b.id}` ? 1 : -1));
      expect(await walk(fresh.store, { where: { labels: 'tenant:tenant2' } }, 7)).toEqual(expected.map(({ id }) => id));
    });

    it('finds a record at once, and in its new state after an update', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.insert(entries, entry('a', { group: 'old' }));
      await here.update(entries, 'a', { group: 'new' });
      const query = { where: { kind: 'plain', group: 'new' }, order: newestFirst };
      expect((await here.find(entries, query)).items).toMatchObject([{ id: 'a', group: 'new' }]);
    });
  });
};
