import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { lockDataDir } from '../data-dir/lock.ts';
import { type CopyAddress, parseCopyAddress } from '../store/copy/copy-address.ts';
import { openMongoStore } from '../store/mongo/mongo-store.ts';
import { sqliteFileIn } from '../store/open-store.ts';
import type { Store } from '../store/port.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { fail, say } from './output.ts';

/** The address of the store that a server with these settings uses. */
export const addressOf = ({ mongodbUri, dataDir }: Pick<Config, 'mongodbUri' | 'dataDir'>): CopyAddress =>
  mongodbUri === undefined ? { kind: 'sqlite', dataDir: resolve(dataDir), name: `sqlite:${resolve(dataDir)}` } : parseCopyAddress('to', mongodbUri);

/** Opens a store for this process only. Throws AppError `in-use` if a server uses it. */
export const openSide = async (address: CopyAddress): Promise<Store> => {
  if (address.kind === 'mongodb')
    return openMongoStore({ uri: address.uri, say, holder: { installation: `copy ${randomUUID()}`, lost: (reason) => fail(reason.message) } });
  process.umask(0o077);
  const lock = lockDataDir(address.dataDir);
  const store = openSqliteStore({ file: sqliteFileIn(address.dataDir) });
  return {
    ...store,
    close: async () => {
      await store.close();
      lock.release();
    },
  };
};
