import { AppError } from '@switchyard/shared/errors.ts';
import { allCollections, runs } from '../collections.ts';
import type { Collection, JournalRow, Store, StoredRecord, WorkspaceStore } from '../port.ts';
import { clearCopyMark, readCopyMark, setCopyMark } from './copy-mark.ts';
import { canonical, type Fingerprint, fingerprint, journalFingerprint, pagesOf, rowsOf } from './fingerprint.ts';

/*
 * Copies an installation from one store to another, using only the storage port.
 * Invariants: 1. The source is only read. 2. The target is empty or holds an unfinished copy of the same source; then it is made equal,
 * whatever happened in between. 3. The mark that keeps servers off an incomplete copy is removed only after counts and hashes match.
 */

export interface CopyOptions {
  readonly from: Store;
  readonly to: Store;
  /** The workspaces to copy. */
  readonly workspaces: readonly string[];
  /** Names the source, so a copy from another source can't continue this one. */
  readonly source: string;
  /** Called for each finished collection. */
  say(line: string): void;
}

/** One collection after the copy. */
export interface Copied extends Fingerprint {
  readonly name: string;
  /** How many were written now; an earlier attempt wrote the rest. */
  readonly written: number;
}

/**
 * Copies and verifies. Throws AppError `in-use` if the target holds something else, and `internal` if source and target differ in the end.
 */
export const copyStore = async ({ from, to, workspaces, source, say }: CopyOptions): Promise<Copied[]> => {
  if ((await readCopyMark(from)) !== undefined)
    throw new AppError('in-use', `${source} is itself an unfinished copy. Finish that copy first, or copy from its source.`);
  await claimTarget({ to, workspaces, source, say });
  const done: Copied[] = [];
  const finish = async (name: string, written: number, [left, right]: [Fingerprint, Fingerprint]): Promise<void> => {
    if (left.count !== right.count || left.hash !== right.hash) throw differ(name, left, right);
    done.push({ name, written, ...right });
    say(
      `${name.padEnd(12)} ${String(right.count).padStart(8)} copied, ${String(written).padStart(8)} of them now, SHA-256 ${right.hash.slice(0, 16)}… in both`,
    );
  };
  for (const workspaceId of workspaces) {
    const [here, there] = [from.in(workspaceId), to.in(workspaceId)];
    for (const collection of allCollections) {
      await removeStale(here, there, collection);
      const written = await writeMissing(here, there, collection);
      await finish(collection.name, written, await Promise.all([fingerprint(here, collection), fingerprint(there, collection)]));
    }
    const rows = await copyJournals(here, there);
    await finish('journal', rows, await Promise.all([journalFingerprint(here), journalFingerprint(there)]));
  }
  await clearCopyMark(to);
  return done;
};

const claimTarget = async ({ to, workspaces, source, say }: Omit<CopyOptions, 'from'>): Promise<void> => {
  const earlier = await readCopyMark(to);
  if (earlier === source) return say('Continuing an unfinished copy.');
  if (earlier !== undefined) throw new AppError('in-use', `The target holds an unfinished copy of ${earlier}. Finish that copy, or choose an empty target.`);
  for (const workspaceId of workspaces) {
    for (const collection of allCollections) {
      const { items } = await to.in(workspaceId).find(collection, { limit: 1 });
      if (items.length > 0) throw new AppError('in-use', `The target already has ${collection.name}. Choose an empty target.`);
    }
  }
  await setCopyMark(to, source);
};

/** Deletes records of an earlier attempt that the source no longer has in this form, so they can't collide on a unique field. */
const removeStale = async (here: WorkspaceStore, there: WorkspaceStore, collection: Collection): Promise<void> => {
  for await (const page of pagesOf(there, collection)) {
    const wanted = await byId(here, collection, page);
    const stale = page.filter((record) => wanted.get(record.id) !== canonical(record));
    await Promise.all(stale.map((record) => there.delete(collection, record.id)));
  }
};

const writeMissing = async (here: WorkspaceStore, there: WorkspaceStore, collection: Collection): Promise<number> => {
  let written = 0;
  for await (const page of pagesOf(here, collection)) {
    const present = await byId(there, collection, page);
    const missing = page.filter((record) => !present.has(record.id));
    await Promise.all(missing.map((record) => there.insert(collection, record)));
    written += missing.length;
  }
  return written;
};

const byId = async (store: WorkspaceStore, collection: Collection, page: readonly StoredRecord[]): Promise<Map<string, string>> => {
  if (page.length === 0) return new Map();
  const { items } = await store.find(collection, { where: { id: page.map((record) => record.id) }, limit: page.length });
  return new Map(items.map((record) => [record.id, canonical(record)]));
};

const copyJournals = async (here: WorkspaceStore, there: WorkspaceStore): Promise<number> => {
  let written = 0;
  for await (const page of pagesOf(here, runs)) {
    for (const run of page) for await (const rows of rowsOf(here, run.id)) written += await appendMissing(there, run.id, rows);
  }
  return written;
};

const appendMissing = async (there: WorkspaceStore, runId: string, rows: readonly JournalRow[]): Promise<number> => {
  const present = new Set((await there.readJournal(runId, rows[0]?.seq, rows.length)).map((row) => row.seq));
  const missing = rows.filter((row) => !present.has(row.seq));
  await Promise.all(missing.map((row) => there.append(row)));
  return missing.length;
};

const differ = (name: string, left: Fingerprint, right: Fingerprint): AppError =>
  new AppError(
    'internal',
    `“${name}” differs after the copy: ${left.count} (${left.hash.slice(0, 16)}…) in the source, ${right.count} (${right.hash.slice(0, 16)}…) in the target. Make sure nothing uses either, then run the copy again, or start with an empty target.`,
  );
