import { accessSync, constants, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '@switchyard/shared/errors.ts';

/*
 * One process per data directory (S19). The lock is the operating system's, on a file of its own, taken through SQLite as Node has no call
 * for it: it ends with the process, however that ends, so there is never a stale one to remove. The address stands in a text file
 * beside it, which means something only while the lock is held.
 */

const LOCK = 'lock.db';
const ADDRESS = 'lock.address';
/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy */
const BUSY = 5;

export interface DataDirLock {
  /** Records the address of this process, for a second start to show. */
  announce(address: string): void;
  /** Gives the directory free. Does nothing the second time. */
  release(): void;
}

/** Another process works in the data directory. */
export class DataDirBusy extends AppError {
  /** Where the other one answers; undefined while it is still starting. */
  readonly address: string | undefined;

  constructor(dir: string, address: string | undefined) {
    super(
      'in-use',
      address === undefined
        ? `Another Switchyard is just starting in the data directory ${dir}. Wait for it, stop it, or choose another data directory.`
        : `Switchyard already runs in the data directory ${dir}. Stop it, choose another data directory, or use it at ${address}`,
      { details: { address } },
    );
    this.name = 'DataDirBusy';
    this.address = address;
  }
}

/** Locks held by this process: were a connection collected as garbage, its lock would go with it. */
const held = new Set<DatabaseSync>();

/** Takes the directory (made if missing) for this process. Throws DataDirBusy when another one has it. */
export const lockDataDir = (dir: string): DataDirLock => {
  // Private: it holds the data of runs.
  makeDir(dir);
  assertWritable(dir);
  const addressFile = join(dir, ADDRESS);
  const connection = takeLock(dir, addressFile);
  held.add(connection);
  // Of an earlier process that was killed.
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

/** One by one: where a parent lets nothing be made (below /proc), Node's own recursive call tries for ever. */
function makeWithParents(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(dir) !== dir) makeWithParents(dirname(dir));
  mkdirSync(dir, { mode: 0o700 });
}

const makeDir = (dir: string): void => {
  try {
    makeWithParents(dir);
  } catch (cause) {
    throw new AppError('not-ready', `DATA_DIR is ${dir}, and that folder cannot be made: ${cause instanceof Error ? cause.message : cause}.`, { cause });
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
      `The data directory ${dir} cannot be locked (${thrown instanceof Error ? thrown.message : thrown}). It must be on a local disk with free space, and its file ${LOCK} must be writable. Choose another one with DATA_DIR.`,
      {
        cause: thrown,
      },
    );
  }
};

const readAddress = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
};
