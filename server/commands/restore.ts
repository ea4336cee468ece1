import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '@switchyard/shared/errors.ts';
import { hasKey, KEY_FILE, type Manifest, readManifest } from '../backup/manifest.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import type { Config } from '../config.ts';
import { existingSecretKey, writeSecretKey } from '../secrets/secret-key.ts';
import { keyIdOf } from '../secrets/secrets.ts';
import { DEFAULT_WORKSPACE } from '../store/collections.ts';
import { addressOf, openSide } from './open-side.ts';
import { say } from './output.ts';

/** Restores a backup into the empty store of these settings. */
export const restore = async (config: Config, source: string): Promise<void> => {
  const folder = resolve(source);
  const manifest = readManifest(folder);
  const key = existingSecretKey(config.dataDir, config.env);
  refuseOtherKey(manifest, key);
  const address = addressOf(config);
  const to = await openSide(address);
  try {
    say(`Restoring the backup of ${manifest.backupAt} to ${address.name}`);
    const held = await restoreBackup({ to, folder, manifest, workspaces: [DEFAULT_WORKSPACE], at: new Date().toISOString(), say });
    say(`Done: ${manifest.runs.total} runs. ${adviceOnRuns(held)}`);
  } finally {
    await to.close();
  }
  if (key === undefined && hasKey(manifest)) writeSecretKey(config.dataDir, readFileSync(join(folder, KEY_FILE), 'utf8'));
  else if (key === undefined && manifest.keyId !== null)
    say(
      `Before you start the server, put secret.key (key ${manifest.keyId}) into ${config.dataDir}, or set SWITCHYARD_SECRET_KEY. Without it, secrets are lost.`,
    );
};

const refuseOtherKey = ({ keyId }: Manifest, key: Buffer | undefined): void => {
  if (keyId === null || key === undefined || keyIdOf(key) === keyId) return;
  throw new AppError(
    'bad-request',
    `The secrets in this backup are encrypted with key ${keyId}, but the key found here is ${keyIdOf(key)}. Set SWITCHYARD_SECRET_KEY, or replace secret.key, with the key of the backup.`,
  );
};

const adviceOnRuns = (held: number): string =>
  held === 0
    ? 'No runs were open.'
    : `${held} of them are open and held, because they may have continued after the backup. Start the server, check what happened, and release them on the page or with “switchyard release-runs”.`;
