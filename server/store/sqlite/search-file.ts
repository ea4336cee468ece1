import { rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { facetValues, type SearchIndex, searchTextOf } from '../search-index.ts';
import type { SearchedTable } from './aside/aside-messages.ts';
import { unpackJson } from './commit/packed-json.ts';
import { quote } from './quote.ts';
import { trigramQuery } from './trigrams.ts';

/*
 * The search index of a database, in a separate file. Owns: which records may contain a text or a facet.
 * Invariants: 1. It contains nothing that the database doesn't: it may be deleted and is rebuilt. 2. Records up to `indexedTo` are in it,
 * and later ones are not. 3. For each block of records it knows the oldest and newest value of the ordering field, so a search can stop
 * early.
 */

const VERSION = 1;
const BLOCK = 512;
const CACHE_KIB = 8_000;
/** FTS5 merges this many segments of one level. With its default of 4, indexing takes a fifth longer, and a search is hardly faster. */
const MERGED_SEGMENTS = 8;

export interface Block {
  readonly last: number;
  readonly oldest: string;
  readonly newest: string;
}

export type SearchFile = ReturnType<typeof openSearchFile>;

/** Opens the index of a table, or rebuilds it if it doesn't belong to the existing records. */
export function openSearchFile(file: string, main: DatabaseSync, { table, spec }: SearchedTable) {
  const index = openIndex(file);
  const terms = quote(`${table}_terms`);
  const blocks = quote(`${table}_blocks`);
  createTables();
  const idAt = main.prepare(`SELECT id FROM ${quote(table)} WHERE rowid = ?`);
  if (!belongs()) startAnew();
  const addTerms = index.prepare(`INSERT INTO ${terms} (rowid, text) VALUES (?, ?)`);
  const addBlock = index.prepare(`INSERT OR REPLACE INTO ${blocks} (first, last, last_id, count, oldest, newest) VALUES (?, ?, ?, ?, ?, ?)`);
  const lastBlock = index.prepare(`SELECT * FROM ${blocks} ORDER BY first DESC LIMIT 1`);
  const rowsAfter = main.prepare(
    `SELECT rowid AS row, id, doc, ${quote(`f_${spec.order}`)} AS place FROM ${quote(table)} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
  );
  const last = main.prepare(`SELECT max(rowid) AS row FROM ${quote(table)}`);
  const candidates = index.prepare(`SELECT rowid AS row FROM ${terms} WHERE ${terms} MATCH ? AND rowid <= ? ORDER BY rowid DESC`);
  const listBlocks = index.prepare(`SELECT last, oldest, newest FROM ${blocks} ORDER BY first`);
  const indexedTo = (): number => Number(lastBlock.get()?.last ?? 0);

  return {
    indexedTo,
    /** The last record. */
    lastRow: (): number => Number(last.get()?.row ?? 0),
    blocks: (): Block[] => listBlocks.all().map((row) => ({ last: Number(row.last), oldest: String(row.oldest), newest: String(row.newest) })),
    /** Rows up to a row that may contain these, latest first; undefined if the needles are too short. */
    candidates: (needles: readonly string[], upTo: number): Iterable<number> | undefined => {
      const query = trigramQuery(needles);
      return query === undefined ? undefined : rowsOf(candidates, query, upTo);
    },
    /** Indexes the next records, at most one block. Returns how many. */
    indexSome: (most = BLOCK): number => {
      if (!belongs()) startAnew();
      const rows = rowsAfter.all(indexedTo(), most);
      if (rows.length === 0) return 0;
      index.exec('BEGIN IMMEDIATE');
      try {
        for (const row of rows) addTerms.run(Number(row.row), termsText(spec, JSON.parse(unpackJson(row.doc)) as object));
        extend(rows);
        index.exec('COMMIT');
      } catch (thrown) {
        if (index.isTransaction) index.exec('ROLLBACK');
        throw thrown;
      }
      return rows.length;
    },
    close: () => index.close(),
  };

  function createTables(): void {
    // Without positions and lengths, which only ranking needs.
    index.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS ${terms} USING fts5(text, content='', detail=none, columnsize=0, tokenize='trigram')`);
    index.exec(`INSERT INTO ${terms} (${terms}, rank) VALUES ('automerge', ${MERGED_SEGMENTS})`);
    index.exec(`CREATE TABLE IF NOT EXISTS ${blocks} (first INTEGER PRIMARY KEY, last INTEGER, last_id TEXT, count INTEGER, oldest TEXT, newest TEXT)`);
  }

  /** Another database may be in place, for example a restored backup. */
  function belongs(): boolean {
    const block = index.prepare(`SELECT last, last_id FROM ${blocks} ORDER BY first DESC LIMIT 1`).get();
    return block === undefined || idAt.get(Number(block.last))?.id === block.last_id;
  }

  function startAnew(): void {
    index.exec(`DROP TABLE ${terms}; DROP TABLE ${blocks}`);
    createTables();
  }

  /** Adds rows to the last block while it has room, and otherwise creates one. */
  function extend(rows: readonly Record<string, unknown>[]): void {
    const before = lastBlock.get();
    const open = before !== undefined && Number(before.count) + rows.length <= BLOCK ? before : undefined;
    const places = [...rows.map((row) => String(row.place)), ...(open ? [String(open.oldest), String(open.newest)] : [])].sort();
    const end = rows.at(-1);
    const count = rows.length + Number(open?.count ?? 0);
    addBlock.run(Number((open?.first ?? rows[0]?.row) as number), Number(end?.row), String(end?.id), count, places[0] ?? '', places.at(-1) ?? '');
  }
}

/** The search term of a facet. */
export const facetTerm = (spec: SearchIndex, field: string, value: string): string => `\n${spec.facets.indexOf(field)}=${value}\n`.toLowerCase();

function termsText(spec: SearchIndex, record: object): string {
  const facets = spec.facets.flatMap((field, index) => facetValues(record, field).map((value) => `${index}=${value}\n`));
  return `\n${facets.join('').toLowerCase()}${searchTextOf(spec, record)}`.toWellFormed().replaceAll('\0', '\ufffd');
}

function* rowsOf(candidates: StatementSync, query: string, upTo: number): Iterable<number> {
  for (const found of candidates.iterate(query, upTo)) yield Number(found.row);
}

function openIndex(file: string): DatabaseSync {
  try {
    return openFile(file);
  } catch {
    // Damaged, or of another version.
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    return openFile(file);
  }
}

function openFile(file: string): DatabaseSync {
  const index = new DatabaseSync(file);
  try {
    index.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${CACHE_KIB}`);
    const version = Number(index.prepare('PRAGMA user_version').get()?.user_version);
    if (version !== 0 && version !== VERSION) throw new Error(`Unknown version of the search index: ${version}`);
    index.exec(`PRAGMA user_version = ${VERSION}`);
    return index;
  } catch (thrown) {
    index.close();
    throw thrown;
  }
}
