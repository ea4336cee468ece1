import { existsSync } from 'node:fs';
import { AppError } from '@switchyard/shared/errors.ts';
import { DEFAULT_WORKSPACE } from '../store/collections.ts';
import type { CopyAddress } from '../store/copy/copy-address.ts';
import { copyStore } from '../store/copy/copy-store.ts';
import { sqliteFileIn } from '../store/open-store.ts';
import { openSide } from './open-side.ts';
import { say } from './output.ts';

/** Copies an installation. Both sides are locked, so no server can use them. */
export const copy = async (from: CopyAddress, to: CopyAddress): Promise<void> => {
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
