import { mkdirSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@switchyard/shared/errors.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { runs } from '../store/collections.ts';
import { blobs } from '../store/pieces/piece-collections.ts';
import type { Collection, StoreReader } from '../store/port.ts';
import { AFTER_RUNS, BEFORE_RUNS, isBackedUp, JOURNAL, WITH_RUNS } from './backup-kinds.ts';
import type { BackupFile } from './manifest.ts';
import { pagesOf, readRuns } from './read-runs.ts';
import { createRecordWriter } from './record-file.ts';

/*
 * Backs up an installation to a folder while a server is writing to it. Owns the order of reading, which makes everything that changes
 * meanwhile repairable from the journals (repair-run.ts). Memory is bounded, and at least half of the time belongs to the server.
 */

export interface BackupOptions {
  readonly from: StoreReader;
  readonly workspaces: readonly string[];
  /** Created if missing. Must be empty. */
  readonly folder: string;
  readonly elapsed: () => number;
  say(line: string): void;
}

export interface Written {
  readonly files: BackupFile[];
  readonly runs: { readonly total: number; readonly open: number };
}

/** A blob has up to 1 MB. */
const BLOBS_AT_ONCE = 8;
const LONGEST_PAUSE_MS = 200;
const OTHERS_AT_ONCE = 50;

export async function writeBackup(options: BackupOptions): Promise<Written> {
  claimFolder(options.folder);
  const yieldTime = createPace(options.elapsed);
  const files: BackupFile[] = [];
  const finish = (file: BackupFile): void => {
    files.push(file);
    options.say(`${file.name.padEnd(32)} ${String(file.records).padStart(9)} records, ${String(Math.ceil(file.bytes / 1_000)).padStart(9)} kB`);
  };
  for (const collection of BEFORE_RUNS) finish(await writeCollection(options, collection, yieldTime));
  const written = await writeRuns(options, yieldTime);
  for (const file of written.files) finish(file);
  for (const collection of AFTER_RUNS) finish(await writeCollection(options, collection, yieldTime));
  return { files, runs: written.runs };
}

function claimFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readdirSync(folder).length > 0) throw new AppError('in-use', `The folder ${folder} is not empty. Choose a new folder for each backup.`);
}

/** Pauses for as long as the work since the last pause took. */
function createPace(elapsed: () => number): () => Promise<void> {
  let since = elapsed();
  return async () => {
    await pause(Math.min(LONGEST_PAUSE_MS, elapsed() - since));
    since = elapsed();
  };
}

async function writeCollection({ from, workspaces, folder }: BackupOptions, collection: Collection, yieldTime: () => Promise<void>): Promise<BackupFile> {
  const writer = createRecordWriter(folder, collection.name);
  for (const workspaceId of workspaces) {
    for await (const page of pagesOf(from.in(workspaceId), collection, collection.name === blobs.name ? BLOBS_AT_ONCE : OTHERS_AT_ONCE)) {
      await writer.write(page.filter((record) => isBackedUp(collection, record)));
      await yieldTime();
    }
  }
  return writer.close();
}

/** Runs read between two pauses. */
const RUNS_AT_ONCE = 50;

async function writeRuns({ from, workspaces, folder }: BackupOptions, yieldTime: () => Promise<void>): Promise<Written> {
  const writers = new Map([runs, ...WITH_RUNS].map(({ name }) => [name, createRecordWriter(folder, name)]));
  const journal = createRecordWriter(folder, JOURNAL);
  let [total, open] = [0, 0];
  for (const workspaceId of workspaces) {
    for await (const { record, beside, rows } of readRuns(from.in(workspaceId))) {
      await writers.get(runs.name)?.write([record]);
      for (const [name, records] of beside) await writers.get(name)?.write(records);
      for await (const part of rows()) await journal.write(part);
      total++;
      if (!isEnded(record.status)) open++;
      if (total % RUNS_AT_ONCE === 0) await yieldTime();
    }
  }
  const files: BackupFile[] = [];
  for (const writer of [...writers.values(), journal]) files.push(await writer.close());
  return { files, runs: { total, open } };
}
