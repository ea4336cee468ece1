import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { AppError } from '@switchyard/shared/errors.ts';

/*
 * Rejects a file that is not a complete Switchyard database, before anything is written to it. Errors found by SQLite itself are in
 * sqlite-errors.ts.
 */

/** The header of a file, https://www.sqlite.org/fileformat.html#the_database_header */
const HEADER_BYTES = 100;
const PAGE_SIZE_AT = 16;
const CHANGES_AT = 24;
const PAGES_AT = 28;
const COUNTED_AT = 92;
/** Its page size doesn't fit in two bytes, so it is stored as 1. */
const LARGEST_PAGE = 65_536;

const sizeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.size;

/** Call before SQLite opens the file. A missing file is fine: it will be created. */
export function examineFile(file: string): void {
  const size = sizeOf(file);
  // The write-ahead log may contain what the file doesn't.
  if (size === undefined || (sizeOf(`${file}-wal`) ?? 0) > 0) return;
  if (size === 0) throw new AppError('not-ready', `The database file ${file} is empty. Restore it from a backup. For a new installation, delete the file.`);
  const pages = pagesIn(file);
  if (pages !== undefined && size < pages)
    throw new AppError('not-ready', `The database file ${file} is damaged: it has ${size} bytes, but ${pages} are expected. Restore it from a backup.`);
}

/** How many bytes the file must have; undefined if its header doesn't say, or if SQLite will report the error. */
function pagesIn(file: string): number | undefined {
  const header = headerOf(file);
  if (header?.toString('latin1', 0, 15) !== 'SQLite format 3' || header.readUInt32BE(CHANGES_AT) !== header.readUInt32BE(COUNTED_AT)) return undefined;
  const pageSize = header.readUInt16BE(PAGE_SIZE_AT);
  return header.readUInt32BE(PAGES_AT) * (pageSize === 1 ? LARGEST_PAGE : pageSize);
}

function headerOf(file: string): Buffer | undefined {
  const header = Buffer.alloc(HEADER_BYTES);
  let handle: number | undefined;
  try {
    handle = openSync(file, 'r');
    return readSync(handle, header, 0, HEADER_BYTES, 0) < HEADER_BYTES ? undefined : header;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Call before anything is written to the database. A database without tables is new. */
export function examineDatabase(database: DatabaseSync, file: string): void {
  const tables = Number(database.prepare("SELECT count(*) AS count FROM sqlite_schema WHERE type = 'table'").get()?.count);
  if (tables === 0 || database.prepare("SELECT 1 FROM pragma_table_info('journal') WHERE name = 'workspace_id'").get()) return;
  throw new AppError('not-ready', `The database file ${file} belongs to another program. Move it away, or choose another data directory with DATA_DIR.`);
}
