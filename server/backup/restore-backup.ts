import { AppError } from '@switchyard/shared/errors.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { RESTORED } from '../services/held-runs/held-records.ts';
import { allCollections, type ReviewRecord, type RunRecord, reviews, runs, settings } from '../store/collections.ts';
import { clearCopyMark, readCopyMark, setCopyMark } from '../store/copy/copy-mark.ts';
import { runKeys } from '../store/policy-collections.ts';
import type { Collection, JournalRow, Store, StoredRecord, WorkspaceStore } from '../store/port.ts';
import { INSTALLATION } from '../store/workspaces.ts';
import { AFTER_RUNS, BEFORE_RUNS, JOURNAL, WITH_RUNS } from './backup-kinds.ts';
import { insertRecord } from './insert-record.ts';
import type { Manifest } from './manifest.ts';
import { inPages, readRecords, verifyFile } from './record-file.ts';
import { repairReview } from './repair-review.ts';
import { repairRun } from './repair-run.ts';

/*
 * Writes a backup into an empty store. Invariants: 1. Nothing is written before every checksum is verified. 2. A mark keeps servers from
 * starting until everything is written; the same restore continues after an interruption. 3. Every run that is open in its journal is held.
 */

export interface RestoreOptions {
  readonly to: Store;
  readonly folder: string;
  readonly manifest: Manifest;
  readonly workspaces: readonly string[];
  readonly at: string;
  say(line: string): void;
}

const PAGE = 50;
const ROWS = 1_000;

/** Returns how many runs are held. Throws AppError `in-use` if the target is not empty, `bad-request` if the backup is damaged. */
export async function restoreBackup(options: RestoreOptions): Promise<number> {
  const { to, folder, manifest, at, say } = options;
  for (const file of manifest.files) await verifyFile(folder, file);
  await claimTarget(options);
  for (const collection of BEFORE_RUNS) say(countLine(collection.name, await restoreAll(options, collection)));
  const { total, held } = await restoreRuns(options);
  say(countLine(runs.name, total));
  for (const collection of [...WITH_RUNS, ...AFTER_RUNS] as Collection[]) say(countLine(collection.name, await restoreAll(options, collection)));
  if (held > 0)
    await insertRecord(to.in(INSTALLATION), settings, {
      id: RESTORED,
      workspaceId: INSTALLATION,
      value: { backupAt: manifest.backupAt, restoredAt: at, held },
    });
  await clearCopyMark(to);
  return held;
}

const countLine = (name: string, count: number): string => `${name.padEnd(20)} ${String(count).padStart(9)} restored`;

async function claimTarget({ to, workspaces, manifest, say }: RestoreOptions): Promise<void> {
  const source = `the backup of ${manifest.backupAt}`;
  const earlier = await readCopyMark(to);
  if (earlier === source) return say('Continuing an unfinished restore.');
  if (earlier !== undefined) throw new AppError('in-use', `The target holds an unfinished copy of ${earlier}. Choose an empty target.`);
  for (const workspaceId of workspaces) {
    for (const collection of allCollections) {
      if ((await to.in(workspaceId).find(collection, { limit: 1 })).items.length > 0)
        throw new AppError('in-use', `The target already has ${collection.name}. Restore into an empty data directory or database.`);
    }
  }
  await setCopyMark(to, source, 'restore');
}

async function restoreAll({ to, folder }: RestoreOptions, collection: Collection): Promise<number> {
  let count = 0;
  for await (const page of inPages(readRecords(folder, collection.name) as AsyncIterable<StoredRecord>, PAGE)) {
    await Promise.all(
      page.map(async (record) => {
        const store = to.in(record.workspaceId);
        const repaired = await repairRecord(store, collection, record);
        if (repaired) await insertRecord(store, collection, repaired);
      }),
    );
    count += page.length;
  }
  return count;
}

/** Undefined if the record is not restored. */
async function repairRecord(store: WorkspaceStore, { name }: Collection, record: StoredRecord): Promise<StoredRecord | undefined> {
  if (name === reviews.name) return repairReview(store, record as ReviewRecord);
  if (name !== runKeys.name) return record;
  // The key of a run that has ended is deleted (S66).
  const run = await store.get(runs, record.id);
  return run && !isEnded(run.status) ? record : undefined;
}

interface WithJournal {
  readonly record: RunRecord;
  readonly rows: readonly JournalRow[];
}

/** Runs with their journals. Both files are in the same order. */
async function* runsWithJournals(folder: string): AsyncGenerator<WithJournal> {
  const rows = readRecords(folder, JOURNAL) as AsyncGenerator<JournalRow>;
  let next = await rows.next();
  for await (const record of readRecords(folder, runs.name) as AsyncIterable<RunRecord>) {
    const own: JournalRow[] = [];
    for (; !next.done && next.value.runId === record.id; next = await rows.next()) own.push(next.value);
    yield { record, rows: own };
  }
}

/** Groups of runs with a bounded number of journal rows in memory. Only a single very long journal can exceed it. */
async function* inGroups(found: AsyncIterable<WithJournal>): AsyncGenerator<WithJournal[]> {
  let group: WithJournal[] = [];
  let rows = 0;
  for await (const run of found) {
    group.push(run);
    rows += run.rows.length;
    if (group.length < PAGE && rows < ROWS) continue;
    yield group;
    [group, rows] = [[], 0];
  }
  if (group.length > 0) yield group;
}

async function restoreRuns({ to, folder, at }: RestoreOptions): Promise<{ readonly total: number; readonly held: number }> {
  let [total, held] = [0, 0];
  for await (const page of inGroups(runsWithJournals(folder))) {
    const restored = await Promise.all(page.map((run) => restoreRun(to.in(run.record.workspaceId), run, at)));
    total += page.length;
    held += restored.filter((isHeld) => isHeld).length;
  }
  return { total, held };
}

/** True if the run is held. */
async function restoreRun(store: WorkspaceStore, run: WithJournal, at: string): Promise<boolean> {
  const { record, dropsJournal } = repairRun(run.record, run.rows, at);
  if (!dropsJournal) await Promise.all(run.rows.map((row) => appendRow(store, row)));
  await insertRecord(store, runs, record);
  return record.heldSince !== undefined;
}

async function appendRow(store: WorkspaceStore, row: JournalRow): Promise<void> {
  const [known] = await store.readJournal(row.runId, row.seq, 1);
  if (known?.seq !== row.seq) await store.append(row);
}
