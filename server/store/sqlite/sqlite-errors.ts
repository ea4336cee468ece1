import { AppError } from '@switchyard/shared/errors.ts';

// Extended result codes, https://www.sqlite.org/rescode.html
const UNIQUE = 2067;
const PRIMARY_KEY = 1555;
const GENERIC = 1;

interface SqliteError extends Error {
  readonly errcode: number;
}

const isSqliteError = (thrown: unknown): thrown is SqliteError => thrown instanceof Error && 'errcode' in thrown && typeof thrown.errcode === 'number';

/** The columns that a violated unique index names, as SQLite writes them (`runs.workspace_id, runs.f_slug`); undefined for other errors. */
export const violatedColumns = (thrown: unknown): string | undefined => {
  if (!isSqliteError(thrown) || (thrown.errcode !== UNIQUE && thrown.errcode !== PRIMARY_KEY)) return undefined;
  return thrown.message.replace(/^UNIQUE constraint failed: /, '');
};

/** The store cannot write or read just now: disk full, file locked by another program, input/output error. */
export const notReady = (cause: unknown): AppError =>
  new AppError(
    'not-ready',
    `The database could not be written or read: ${cause instanceof Error ? cause.message : String(cause)}. Check the disk, then try again.`,
    {
      cause,
    },
  );

/** Errors of the machine (disk, locks, memory) become `not-ready`; a faulty statement is our mistake and stays what it is. */
export const translateSqliteError = (thrown: unknown): unknown => (isSqliteError(thrown) && thrown.errcode !== GENERIC ? notReady(thrown) : thrown);
