import { ID_SETTING } from '../cluster/installation-id.ts';
import { isHoldSetting } from '../services/held-runs/held-records.ts';
import { allCollections, processes, runs, settings, signals } from '../store/collections.ts';
import { COPY_MARK } from '../store/copy/copy-mark.ts';
import { blobs, looseBlobs } from '../store/pieces/piece-collections.ts';
import { endingRuns, retentionProgress, runKeys, runTokens } from '../store/policy-collections.ts';
import type { Collection, StoredRecord } from '../store/port.ts';
import { sessions } from '../store/sign-in-collections.ts';

/*
 * What a backup contains, and the order in which it is read while a server is writing. Runs are read with the records that decide whether
 * their journals can be read.
 */

const named = (collection: { readonly name: string }): Collection => {
  const found = allCollections.find(({ name }) => name === collection.name);
  if (!found) throw new Error(`Unknown collection ${collection.name}`);
  return found;
};

/** Read before runs: a journal is never older than its signals, and no payload older than the progress of removing payloads. */
export const BEFORE_RUNS: readonly Collection[] = [signals, retentionProgress].map(named);

/** Read with each run. */
export const WITH_RUNS = [endingRuns, runKeys, runTokens] as const;

/** The journals of all runs, in the order of the runs. */
export const JOURNAL = 'journal';

/** Not in a backup: a restore ends all sessions, and records of processes belong to running ones. */
const LEFT_OUT: readonly { readonly name: string }[] = [sessions, processes];

/** Read after runs: everything that a run refers to is older than the run. */
export const AFTER_RUNS: readonly Collection[] = (() => {
  const first = [blobs, looseBlobs].map(named);
  const taken = new Set([...BEFORE_RUNS, ...WITH_RUNS, ...LEFT_OUT, ...first, runs].map(({ name }) => name));
  return [...first, ...allCollections.filter(({ name }) => !taken.has(name))];
})();

/** Settings that belong to one installation, one copy, or one restore. A restored installation shares no Redis keys with the earlier one. */
const isOwnSetting = (id: string): boolean => id === COPY_MARK || id === ID_SETTING || isHoldSetting(id) || id.startsWith('pure-trial:');

/** Whether a record of a collection is part of a backup. */
export const isBackedUp = ({ name }: Collection, { id }: StoredRecord): boolean => name !== settings.name || !isOwnSetting(id);
