import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Config } from '../config.ts';
import { lockDataDir } from '../data-dir/lock.ts';
import { sqliteFileIn } from '../store/open-store.ts';
import { compactFile } from '../store/sqlite/disk/compact-file.ts';
import { say } from './output.ts';

/** Rewrites the SQLite database without its free space. Throws if a server uses it, or the disk has no room for the copy. */
export function compact({ mongodbUri, dataDir }: Config): void {
  if (mongodbUri !== undefined)
    throw new AppError('bad-request', 'This installation uses MongoDB, which uses free space again automatically. Nothing was changed.');
  const file = sqliteFileIn(dataDir);
  if (!existsSync(file)) throw new AppError('not-found', `There is no database at ${file}. Set DATA_DIR to the data directory.`);
  const lock = lockDataDir(dataDir);
  try {
    const before = statSync(file).size;
    const { bavail, bsize } = statfsSync(dirname(file));
    if (bavail * bsize < before)
      throw new AppError('bad-request', `Compacting needs ${megabytes(before)} of free disk space for a copy, and there are ${megabytes(bavail * bsize)}.`);
    compactFile(file);
    say(`Compacted ${file}: ${megabytes(before)} before, ${megabytes(statSync(file).size)} now.`);
  } finally {
    lock.release();
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
