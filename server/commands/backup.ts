import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '@switchyard/shared/errors.ts';
import { type BackupFile, KEY_FILE, writeManifest } from '../backup/manifest.ts';
import { writeBackup } from '../backup/write-backup.ts';
import type { Config } from '../config.ts';
import { existingSecretKey } from '../secrets/secret-key.ts';
import { keyIdOf } from '../secrets/secrets.ts';
import { DEFAULT_WORKSPACE } from '../store/collections.ts';
import { openMongoReader } from '../store/mongo/mongo-store.ts';
import { sqliteFileIn } from '../store/open-store.ts';
import type { StoreReader } from '../store/port.ts';
import { openSqliteReader } from '../store/sqlite/sqlite-reader.ts';
import { VERSION } from '../version.ts';
import { addressOf } from './open-side.ts';
import { say } from './output.ts';

/** Backs up the installation of these settings while its server runs. */
export const backup = async (config: Config, target: string, includesKey: boolean): Promise<void> => {
  process.umask(0o077);
  const folder = resolve(target);
  const key = existingSecretKey(config.dataDir, config.env);
  if (includesKey && key === undefined)
    throw new AppError('not-found', `No key found: neither SWITCHYARD_SECRET_KEY nor ${join(config.dataDir, KEY_FILE)} exists. Run without --include-key.`);
  const from = await openReader(config);
  try {
    const backupAt = new Date().toISOString();
    say(`Backing up ${addressOf(config).name} to ${folder}`);
    const { files, runs } = await writeBackup({ from, workspaces: [DEFAULT_WORKSPACE], folder, elapsed: () => performance.now(), say });
    if (includesKey && key) files.push(writeKey(folder, key));
    writeManifest(folder, {
      version: VERSION,
      backupAt,
      finishedAt: new Date().toISOString(),
      keyId: key === undefined ? null : keyIdOf(key),
      runs,
      files,
    });
    say(`Done: ${runs.total} runs, ${runs.open} of them open.`);
    if (!includesKey)
      say('The backup has no key: secrets in it can only be decrypted with secret.key or SWITCHYARD_SECRET_KEY. Keep a copy of the key elsewhere.');
  } finally {
    await from.close();
  }
};

const openReader = ({ mongodbUri, dataDir }: Config): Promise<StoreReader> =>
  mongodbUri === undefined ? Promise.resolve(openSqliteReader(sqliteFileIn(dataDir))) : openMongoReader(mongodbUri, say);

const writeKey = (folder: string, key: Buffer): BackupFile => {
  const text = `${key.toString('hex')}\n`;
  writeFileSync(join(folder, KEY_FILE), text, { flag: 'wx', mode: 0o600, flush: true });
  return { name: KEY_FILE, records: 1, bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') };
};
