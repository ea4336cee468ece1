import { AppError } from '@switchyard/shared/errors.ts';

// Result codes, https://www.sqlite.org/rescode.html
const UNIQUE = 2067;
const PRIMARY_KEY = 1555;
const GENERIC = 1;
/** The lowest byte of an extended code is the primary code. */
const PRIMARY = 0xff;

interface SqliteError extends Error {
  readonly errcode: number;
}

const isSqliteError = (thrown: unknown): thrown is SqliteError => thrown instanceof Error && 'errcode' in thrown && typeof thrown.errcode === 'number';

/** The columns named by a unique violation, as SQLite writes them (`runs.workspace_id, runs.f_slug`); undefined for other errors. */
export const violatedColumns = (thrown: unknown): string | undefined => {
  if (!isSqliteError(thrown) || (thrown.errcode !== UNIQUE && thrown.errcode !== PRIMARY_KEY)) return undefined;
  return thrown.message.replace(/^UNIQUE constraint failed: /, '');
};

const RESTORE = 'Stop Switchyard and restore the file from a backup, or move it away together with its -wal and -shm files.';

/** What happened to the file and what to do, by primary code. */
const FAULTS: Readonly<Record<number, (file: string) => string>> = {
  5: (file) => `Another program has locked the database file ${file}. Close that program, then try again.`,
  8: (file) => `The database file ${file} is read-only. Make it and its folder writable for the user that runs Switchyard.`,
  10: (file) => `The disk failed while reading or writing the database file ${file}. Check the disk and its free space.`,
  11: (file) => `The database file ${file} is damaged. ${RESTORE}`,
  13: (file) => `The disk is full: the database file ${file} can’t be written. Free up space, then try again.`,
  14: (file) => `The database file ${file} can’t be opened. Check that its folder exists and is writable for the user that runs Switchyard.`,
  26: (file) => `The file ${file} is not a database, or it is damaged. ${RESTORE}`,
};

/** The database can't be written or read right now. The message names the file and what to do. */
export const notReady = (cause: unknown, file: string): AppError => {
  const fault = isSqliteError(cause) ? FAULTS[cause.errcode & PRIMARY] : undefined;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = fault?.(file) ?? `The database file ${file} can’t be read or written. Check the disk, then try again.`;
  return new AppError('not-ready', `${message} (${reason})`, { cause });
};

/** Errors of the machine (disk, locks, memory) become `not-ready`. A wrong statement is our mistake and stays as it is. */
export const translateSqliteError = (thrown: unknown, file: string): unknown =>
  isSqliteError(thrown) && thrown.errcode !== GENERIC ? notReady(thrown, file) : thrown;
