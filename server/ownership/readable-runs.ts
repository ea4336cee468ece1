import { type BuildVersions, readerOf } from '@switchyard/shared/run/build-versions.ts';
import { LRUCache } from 'lru-cache';
import type { Ownership } from '../engine/ownership.ts';
import { isAheadOf, needsOf } from '../services/queue/run-needs.ts';
import type { WorkspaceReader } from '../store/port.ts';
import type { ClusterProcesses } from './cluster-processes.ts';

/** How many runs that this build can’t read are remembered. Others are read again. */
const REMEMBERED = 10_000;

interface ReadableParts {
  readonly stores: { in(workspaceId: string): Pick<WorkspaceReader, 'get' | 'readJournal'> };
  readonly versions: BuildVersions;
  readonly processes: Pick<ClusterProcesses, 'live'>;
}

/**
 * Tells whether this process may drive a run (S41). Runs with newer node types or events are left to newer processes, and runs that would
 * get new events wait until every live process knows these.
 */
export function readableRuns({ stores, versions, processes }: ReadableParts): Ownership['reads'] {
  const canRead = readerOf(versions);
  // What a run needs never decreases.
  const unreadable = new LRUCache<string, true>({ max: REMEMBERED });
  return async (run) => {
    if (unreadable.has(run.runId)) return false;
    const needs = await needsOf(stores.in(run.workspaceId), run);
    if (canRead(needs)) return !isAheadOf(needs, processes.live());
    unreadable.set(run.runId, true);
    return false;
  };
}
