import { insertIfAbsent } from '../store/insert-if-absent.ts';
import { type JobLeaseRecord, jobLeases } from '../store/insight/insight-collections.ts';
import { INSTALLATION } from '../store/workspaces.ts';
import type { SharedStore } from './shared-store.ts';

/*
 * Which process does a periodic job. Invariants: 1. A lease changes hands only by compare-and-set of its beat. 2. It is taken from another
 * process only if that showed no sign of life for `SILENT_MS` of this one’s own monotonic time: clocks of two processes are never compared.
 * 3. A holder that was paused may believe to hold it for a moment, so what it writes must be safe by compare-and-set, too.
 */

const SILENT_MS = 15_000;

export interface JobLeaseParts {
  readonly store: SharedStore;
  readonly job: string;
  readonly processId: string;
  /** No other process works on this store, so a holder that exists has died. */
  readonly isAlone: boolean;
  /** Monotonic, in ms. */
  readonly elapsed: () => number;
}

export interface JobLease {
  /** Takes or renews the lease. False if another process has it. */
  hold(): Promise<boolean>;
  /** Gives it up, so that another process can take it at once. */
  release(): Promise<void>;
}

export function createJobLease({ store, job, processId, isAlone, elapsed }: JobLeaseParts): JobLease {
  const installation = store.in(INSTALLATION);
  let seen: { readonly beat: number; readonly at: number } | undefined;

  const isSilent = ({ beat }: JobLeaseRecord): boolean => {
    if (seen?.beat !== beat) seen = { beat, at: elapsed() };
    return elapsed() - seen.at >= SILENT_MS;
  };
  const change = async ({ holder, beat }: JobLeaseRecord, to: string | null): Promise<boolean> =>
    (await installation.update(jobLeases, job, { holder: to, beat: beat + 1 }, { equal: { holder, beat } })) !== undefined;

  return {
    hold: async () => {
      const known = await installation.get(jobLeases, job);
      if (!known) return insertIfAbsent(installation, jobLeases, { id: job, workspaceId: INSTALLATION, holder: processId, beat: 1 });
      const isFree = known.holder === processId || known.holder === null || isAlone || isSilent(known);
      return isFree && change(known, processId);
    },
    release: async () => {
      const known = await installation.get(jobLeases, job);
      if (known?.holder === processId) await change(known, null);
    },
  };
}
