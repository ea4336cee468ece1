import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { AppError } from '@switchyard/shared/errors.ts';

/*
 * Refuses a file that is not a whole database of ours, before anything is written to it. What SQLite itself finds is in sqlite-errors.ts.
 */

/** The header of a file, https://www.sqlite.org/fileformat.html#the_database_header */
const HEADER_BYTES = 100;
const PAGE_SIZE_AT = 16;
const CHANGES_AT = 24;
const PAGES_AT = 28;
const COUNTED_AT = 92;
/** Its page size does not fit two bytes, so it is written as 1. */
const LARGEST_PAGE = 65_536;

const sizeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.size;

/** To be called before SQLite opens the file. A missing file is fine: it will be made. */
export function examineFile(file: string): void {
  const size = sizeOf(file);
  // A log beside it may hold what the file does not.
  if (size === undefined || (sizeOf(`${file}-wal`) ?? 0) > 0) return;
  if (size === 0) throw new AppError('not-ready', `The database file ${file} is empty. Restore it from a backup. For a new installation, delete the file.`);
  const pages = pagesIn(file);
  if (pages !== undefined && size < pages)
    throw new AppError('not-ready', `The database file ${file} is damaged: it has ${size} bytes of ${pages}. Restore it from a backup.`);
}

/** How many bytes the file must have; undefined where its header does not say, or SQLite will say why it cannot be read. */
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

/** To be called before anything is written to the database. One without tables is new. */
export function examineDatabase(database: DatabaseSync, file: string): void {
  const tables = Number(database.prepare("SELECT count(*) AS count FROM sqlite_schema WHERE type = 'table'").get()?.count);
  if (tables === 0 || database.prepare("SELECT 1 FROM pragma_table_info('journal') WHERE name = 'workspace_id'").get()) return;
  throw new AppError('not-ready', `The database file ${file} belongs to another program. Move it away, or choose another data directory with DATA_DIR.`);
}
