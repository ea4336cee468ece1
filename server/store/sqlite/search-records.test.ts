import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Entry, entries, WORKSPACE } from '../contract/things.fixture.ts';
import { encodeCursor } from '../cursor.ts';
import type { Query } from '../port.ts';
import { facetValues, searchTextOf } from '../search-index.ts';
import { createCommitter } from './commit/perform-writes.ts';
import { alignColumns, alignIndexes } from './layout.ts';
import { openSearchFile, type SearchFile } from './search-file.ts';
import { searchRecords } from './search-records.ts';
import { searchRequest } from './search-request.ts';
import { createStatementCache } from './statement-cache.ts';
import { insertInto, tableOf } from './table.ts';

const COUNT = 5_000;
const INDEXED = 4_800;
const table = tableOf(entries);
const spec = entries.searchIndex ?? { words: [], excerpt: { path: [], length: 0 }, facets: [], order: 'at' };

/** The clock goes back an hour now and then, and stops for a while. */
const timeOf = (index: number): string => new Date(Date.UTC(2026, 0, 1) + Math.floor(index / 3) * 1_000 - (index % 997 < 60 ? 3_600_000 : 0)).toISOString();

const records: Entry[] = Array.from({ length: COUNT }, (_, index) => ({
  id: `entry_${((index * 7_919) % 100_003).toString(36)}_${index}`,
  workspaceId: index % 11 === 0 ? 'there' : WORKSPACE,
  at: timeOf(index),
  group: index % 2 === 0 ? 'even' : 'odd',
  kind: index % 500 === 7 ? 'rare' : 'usual',
  labels: { tenant: `tenant${index % 200}` },
  body: { value: index % 3 === 0 ? 'a common order' : `customer ${index}` },
}));

const matches = (record: Entry, { where = {}, search = '', range }: Query): boolean =>
  record.workspaceId === WORKSPACE &&
  Object.entries(where).every(([field, wanted]) => facetValues(record, field).includes(String(wanted))) &&
  (range?.from === undefined || record.at >= range.from) &&
  (range?.to === undefined || record.at <= range.to) &&
  searchTextOf(spec, record).includes(search);

describe('a search with an index', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-search-'));
  const file = join(folder, 'search.db');
  const database = new DatabaseSync(':memory:');
  const prepare = createStatementCache(database);
  let index: SearchFile;

  beforeAll(() => {
    alignColumns(database, [table]);
    alignIndexes(database, [table]);
    index = openSearchFile(file, database, { table: table.name, spec });
    const commit = createCommitter(database, prepare, [table]);
    commit(records.slice(0, INDEXED).map((record) => insertInto(table, record)));
    while (index.indexSome() > 0);
    // The last ones are not indexed yet.
    commit(records.slice(INDEXED).map((record) => insertInto(table, record)));
  });
  afterAll(() => {
    index.close();
    database.close();
    rmSync(folder, { recursive: true });
  });

  const walk = (query: Query, limit: number): string[] => {
    const seen: string[] = [];
    let cursor: string | undefined;
    for (;;) {
      const request = searchRequest(table, WORKSPACE, { ...query, order: { field: 'at', descending: true }, ...(cursor !== undefined && { cursor }) }, limit);
      if (!request) throw new Error('The query is not a search');
      const { docs, next } = searchRecords({ spec, index, prepare }, request);
      seen.push(...docs.map((doc) => (JSON.parse(doc) as Entry).id));
      if (!next) return seen;
      expect(docs).toHaveLength(limit);
      cursor = encodeCursor(next);
    }
  };

  it.each<[string, Query]>([
    ['a common word', { search: 'common order' }],
    ['a word in one record', { search: 'customer 4321' }],
    ['part of an ID', { search: '_17' }],
    ['two letters', { search: 'me' }],
    ['a word in no record', { search: 'zebra' }],
    ['words whose parts are common', { search: 'order common' }],
    ['a rare value of a facet', { where: { kind: 'rare' } }],
    ['a value that no record has', { where: { kind: 'unknown' } }],
    ['one label among many with the same prefix', { where: { labels: 'tenant:tenant7' } }],
    ['a label and a word', { where: { labels: 'tenant:tenant7' }, search: 'common' }],
    ['a facet within a group', { where: { kind: 'rare', group: 'odd' } }],
    ['a word within a range', { search: 'common', range: { field: 'at', from: timeOf(1_000), to: timeOf(4_000) } }],
  ])('finds the same as reading every record, in the same order, in full pages: %s', (_, query) => {
    const expected = records.filter((record) => matches(record, query)).sort((a, b) => (`${a.at} ${a.id}` < `${b.at} ${b.id}` ? 1 : -1));
    expect(walk(query, 40)).toEqual(expected.map(({ id }) => id));
  });

  it('reads a small part of the records for a page', () => {
    let read = 0;
    const counting = (sql: string) => {
      const statement = prepare(sql);
      if (!sql.includes('rowid = ?')) return statement;
      return { get: (...values: Parameters<typeof statement.get>) => ++read && statement.get(...values) } as unknown as typeof statement;
    };
    const request = searchRequest(table, WORKSPACE, { search: 'common', order: { field: 'at', descending: true } }, 20);
    if (request) expect(searchRecords({ spec, index, prepare: counting }, request).docs).toHaveLength(20);
    expect(read).toBeGreaterThan(20);
    expect(read).toBeLessThan(COUNT / 5);
  });

  it('is rebuilt if the file is damaged or belongs to another database', () => {
    const other = join(folder, 'other.db');
    writeFileSync(other, 'this is not a database, '.repeat(100));
    const first = openSearchFile(other, database, { table: table.name, spec });
    expect(first.indexedTo()).toBe(0);
    first.indexSome();
    expect(first.indexedTo()).toBeGreaterThan(0);
    first.close();
    const empty = new DatabaseSync(':memory:');
    alignColumns(empty, [table]);
    const second = openSearchFile(other, empty, { table: table.name, spec });
    expect(second.indexedTo()).toBe(0);
    second.close();
    empty.close();
  });
});
