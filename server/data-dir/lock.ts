import { accessSync, constants, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '@switchyard/shared/errors.ts';

/*
 * One process per data directory (S19). The lock is an operating system lock on its own file, taken through SQLite since Node has no
 * API for it. It ends with the process in every case, so a stale lock never has to be removed. A text file next to it contains the
 * process's address, valid only while the lock is held.
 */

const LOCK = 'lock.db';
const ADDRESS = 'lock.address';
/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy */
const BUSY = 5;

export interface DataDirLock {
  /** Records this process's address, to show it to a second start. */
  announce(address: string): void;
  /** Unlocks the directory. Idempotent. */
  release(): void;
}

/** Another process uses the data directory. */
export class DataDirBusy extends AppError {
  /** The other process's address. Undefined while it is starting. */
  readonly address: string | undefined;

  constructor(dir: string, address: string | undefined) {
    super(
      'in-use',
      address === undefined
        ? `Another Switchyard is starting in ${dir}. Wait for it, stop it, or choose another DATA_DIR.`
        : `Switchyard is already running in ${dir}. Use it at ${address}, stop it, or choose another DATA_DIR.`,
      { details: { address } },
    );
    this.name = 'DataDirBusy';
    this.address = address;
  }
}

/** Locks held by this process. Garbage-collecting a connection would release its lock. */
const held = new Set<DatabaseSync>();

/** Locks the directory for this process, creating it if missing. Throws DataDirBusy if another process holds it. */
export const lockDataDir = (dir: string): DataDirLock => {
  // Private, since it contains the data of runs.
  makeDir(dir);
  assertWritable(dir);
  const addressFile = join(dir, ADDRESS);
  const connection = takeLock(dir, addressFile);
  held.add(connection);
  // Left by an earlier process that was killed.
  rmSync(addressFile, { force: true });
  return {
    announce: (address) => writeFileSync(addressFile, address),
    release: () => {
      if (!held.delete(connection)) return;
      rmSync(addressFile, { force: true });
      connection.close();
    },
  };
};

/** Level by level: where a parent rejects new entries (below /proc), Node's recursive call never returns. */
function makeWithParents(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(dir) !== dir) makeWithParents(dirname(dir));
  mkdirSync(dir, { mode: 0o700 });
}

const makeDir = (dir: string): void => {
  try {
    makeWithParents(dir);
  } catch (cause) {
    throw new AppError('not-ready', `DATA_DIR is ${dir}, but that folder can’t be created: ${cause instanceof Error ? cause.message : cause}.`, { cause });
  }
};

const assertWritable = (dir: string): void => {
  try {
    accessSync(dir, constants.W_OK);
  } catch (cause) {
    throw new AppError('not-ready', `The data directory ${dir} is read-only for this user. Make it writable, or choose another one with DATA_DIR.`, { cause });
  }
};

const takeLock = (dir: string, addressFile: string): DatabaseSync => {
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(join(dir, LOCK), { timeout: 0 });
    connection.exec('BEGIN EXCLUSIVE');
    return connection;
  } catch (thrown) {
    connection?.close();
    if (thrown instanceof Error && 'errcode' in thrown && thrown.errcode === BUSY) throw new DataDirBusy(dir, readAddress(addressFile));
    throw new AppError(
      'not-ready',
      `The data directory ${dir} can’t be locked (${thrown instanceof Error ? thrown.message : thrown}). It must be on a local disk with free space, and its file ${LOCK} must be writable. Choose another one with DATA_DIR.`,
      {
        cause: thrown,
      },
    );
  }
};

/** The address of the server that uses this directory. May be outdated if that server was killed. */
export const announcedAddress = (dir: string): string | undefined => readAddress(join(dir, ADDRESS));

const readAddress = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
};
