import { type BuildVersions, readerOf } from '@switchyard/shared/run/build-versions.ts';
import { LRUCache } from 'lru-cache';
import type { Ownership } from '../engine/ownership.ts';
import { needsOf } from '../services/queue/run-needs.ts';
import type { WorkspaceReader } from '../store/port.ts';

/** How many runs that this build can’t read are remembered. Others are read again. */
const REMEMBERED = 10_000;

/** Tells whether this build can drive a run. Runs with newer node types or events are left to newer processes (S41). */
export function readableRuns(stores: { in(workspaceId: string): Pick<WorkspaceReader, 'get' | 'readJournal'> }, versions: BuildVersions): Ownership['reads'] {
  const canRead = readerOf(versions);
  // What a run needs never decreases.
  const unreadable = new LRUCache<string, true>({ max: REMEMBERED });
  return async (run) => {
    if (unreadable.has(run.runId)) return false;
    const isReadable = canRead(await needsOf(stores.in(run.workspaceId), run));
    if (!isReadable) unreadable.set(run.runId, true);
    return isReadable;
  };
}
