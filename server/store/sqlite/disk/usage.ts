import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as othersFirst } from 'node:timers/promises';
import type { JournalSample, StorePart, StoreUsage } from '../../port.ts';
import { unpackJson } from '../commit/packed-json.ts';
import { quote } from '../quote.ts';
import type { Prepare } from '../statement-cache.ts';

/*
 * How much of the file each table takes. Counting would read the whole file, so rows are looked up at random row IDs: how many exist gives the
 * number of rows, and their sizes the average. The cost is the same for a file of any size.
 */

/** Row IDs looked up per table. A table with fewer is read in full. */
const SAMPLES = 200;
const JOURNAL_SAMPLES = 500;
/** Lookups before other work gets its turn. */
const TURN = 25;
/** Length of a row besides its columns, about. */
const ROW_OVERHEAD = 8;

interface Parts {
  readonly file: string;
  readonly searchFile: string;
  readonly tables: readonly string[];
  readonly prepare: Prepare;
  reading<T>(read: () => T): T;
}

export async function usageOf({ file, searchFile, tables, prepare, reading }: Parts): Promise<StoreUsage> {
  const pragma = (name: string): number => reading(() => Number(Object.values(prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0));
  const pageSize = pragma('page_size');
  const parts: StorePart[] = [];
  for (const table of tables) parts.push(await partOf(table));
  parts.push(await partOf('journal'));
  return {
    bytes: pragma('page_count') * pageSize + sizeOf(`${file}-wal`) + sizeOf(searchFile),
    freeBytes: pragma('freelist_count') * pageSize,
    diskFreeBytes: diskFree(dirname(file)),
    parts,
    journal: await journalSample(),
  };

  async function partOf(name: string): Promise<StorePart> {
    const size = sizeSql(name);
    const found = await lookUp(name, SAMPLES, (row) => reading(() => prepare(`SELECT ${size} AS size FROM ${quote(name)} WHERE rowid = ?`).get(row)));
    const average = found.rows.length === 0 ? 0 : found.rows.reduce((sum, row) => sum + Number(row.size), 0) / found.rows.length;
    return { name, bytes: Math.round(found.count * (average + ROW_OVERHEAD)) };
  }

  function sizeSql(name: string): string {
    const columns = reading(() => prepare('SELECT name FROM pragma_table_info(?)').all(name)).map((row) => quote(String(row.name)));
    return columns.map((column) => `coalesce(octet_length(${column}), 0)`).join(' + ');
  }

  async function journalSample(): Promise<JournalSample[]> {
    const read = (row: number) => reading(() => prepare('SELECT run_id, octet_length(events) AS size, events FROM journal WHERE rowid = ?').get(row));
    const { rows } = await lookUp('journal', JOURNAL_SAMPLES, read);
    return rows.map((row) => ({ runId: String(row.run_id), bytes: Number(row.size), events: unpackJson(row.events) }));
  }

  async function lookUp<R>(name: string, samples: number, read: (row: number) => R | undefined): Promise<{ readonly rows: R[]; readonly count: number }> {
    const ends = reading(() => prepare(`SELECT min(rowid) AS first, max(rowid) AS last FROM ${quote(name)}`).get());
    if (ends?.last === null || ends?.last === undefined) return { rows: [], count: 0 };
    const [first, last] = [Number(ends.first), Number(ends.last)];
    const span = last - first + 1;
    const tries = Math.min(samples, span);
    const rows: R[] = [];
    for (let at = 0; at < tries; at++) {
      // One from each of as many equal parts, so old and new rows count equally.
      const row = first + Math.min(span - 1, Math.floor(((at + (span <= samples ? 0 : Math.random())) * span) / tries));
      const found = read(row);
      if (found !== undefined) rows.push(found);
      if (at % TURN === TURN - 1) await othersFirst();
    }
    return { rows, count: Math.round((span * rows.length) / tries) };
  }
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

function diskFree(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
