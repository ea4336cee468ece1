import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@switchyard/shared/errors.ts';
import { EVENT_VERSION } from '@switchyard/shared/run/event-versions.ts';
import { z } from 'zod';

/*
 * The manifest of a backup: what is in it, and a checksum of each file. It is written last, so a backup without one is not complete.
 */

const FORMAT = 1;
const FILE = 'manifest.json';
/** The copy of the key, if requested. */
export const KEY_FILE = 'secret.key';

const fileSchema = z.object({
  name: z.string().regex(/^[\w.-]+$/),
  records: z.number().int(),
  bytes: z.number().int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type BackupFile = z.infer<typeof fileSchema>;

const manifestSchema = z.object({
  format: z.number().int(),
  /** The version of Switchyard that made it, and the newest version of its events. */
  version: z.string(),
  eventVersion: z.number().int(),
  /** When the backup started. Later changes may be missing. */
  backupAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** Identifies the key that its secrets are encrypted with. Null if the backup was made without the key. */
  keyId: z.string().nullable(),
  runs: z.object({ total: z.number().int(), open: z.number().int() }),
  files: z.array(fileSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Writes it under another name first, so it is never incomplete. */
export function writeManifest(folder: string, manifest: Omit<Manifest, 'format' | 'eventVersion'>): void {
  const draft = join(folder, `${FILE}.part`);
  writeFileSync(draft, `${JSON.stringify({ format: FORMAT, eventVersion: EVENT_VERSION, ...manifest }, null, 2)}\n`, { flush: true });
  renameSync(draft, join(folder, FILE));
}

/** Reads it. Throws AppError `bad-request` if the backup is incomplete, damaged, or was made by a newer version. */
export function readManifest(folder: string): Manifest {
  const manifest = parseManifest(folder);
  if (manifest.format > FORMAT || manifest.eventVersion > EVENT_VERSION)
    throw new AppError(
      'bad-request',
      `The backup ${folder} was made by Switchyard ${manifest.version}, which is newer than this one. Restore it with that version.`,
    );
  return manifest;
}

function parseManifest(folder: string): Manifest {
  let text: string;
  try {
    text = readFileSync(join(folder, FILE), 'utf8');
  } catch (cause) {
    throw new AppError('bad-request', `${folder} is not a complete backup: ${FILE} is missing. It is written when a backup is finished.`, { cause });
  }
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('bad-request', `The backup ${folder} is damaged: ${FILE} can’t be read.`, { cause });
  }
}

/** The backup contains the key. */
export const hasKey = ({ files }: Manifest): boolean => files.some(({ name }) => name === KEY_FILE);
