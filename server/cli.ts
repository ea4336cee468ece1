import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { AppError } from '@switchyard/shared/errors.ts';
import { lockDataDir } from './data-dir/lock.ts';
import { DEFAULT_WORKSPACE } from './store/collections.ts';
import { type CopyAddress, parseCopyAddress } from './store/copy/copy-address.ts';
import { copyStore } from './store/copy/copy-store.ts';
import { openMongoStore } from './store/mongo/mongo-store.ts';
import { sqliteFileIn } from './store/open-store.ts';
import type { Store } from './store/port.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';

/*
 * Runs `pnpm switchyard`: maintenance of an installation without a server. Both sides of a copy are locked, so no server can use them.
 */

const USAGE = `Usage: switchyard copy --from <store> --to <store>

Copies an installation from one store to another, and checks that both contain the same. The target must be empty. To
continue an interrupted copy, run the same command again. Stop the server first.

Stores:    sqlite:./data            the data directory of an installation
           mongodb://host/database  a MongoDB`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const fail = (line: string): never => {
  process.stderr.write(`${line}\n`);
  process.exit(1);
};

const openSide = async (address: CopyAddress): Promise<Store> => {
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

const copy = async (from: CopyAddress, to: CopyAddress): Promise<void> => {
  if (from.name === to.name) throw new AppError('bad-request', '--from and --to are the same.');
  if (from.kind === 'sqlite' && !existsSync(sqliteFileIn(from.dataDir))) throw new AppError('not-found', `No installation found in ${from.dataDir}.`);
  const source = await openSide(from);
  try {
    const target = await openSide(to);
    try {
      say(`Copying ${from.name} to ${to.name}`);
      const copied = await copyStore({ from: source, to: target, workspaces: [DEFAULT_WORKSPACE], source: from.name, say });
      say(`Done: ${copied.reduce((sum, kind) => sum + kind.count, 0)} records are identical in both stores. The source is unchanged.`);
      say(
        'Secrets were copied encrypted: the server can only decrypt them with the same key. Keep the data directory’s secret.key file, or SWITCHYARD_SECRET_KEY.',
      );
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
};

const main = async (): Promise<void> => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { from: { type: 'string' }, to: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) return say(USAGE);
  if (positionals.join(' ') !== 'copy' || values.from === undefined || values.to === undefined) return fail(USAGE);
  await copy(parseCopyAddress('from', values.from), parseCopyAddress('to', values.to));
};

await main().catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
process.exit(0);
