import { toAppError } from '@switchyard/shared/errors.ts';
import type { Log } from './log.ts';
import type { Workspaces } from './store/workspaces.ts';

const HOUR_MS = 3_600_000;

/** A periodic job. A long one checks `stop` between its pages. */
type Job = (stop: AbortSignal) => Promise<void>;
type Jobs = Readonly<Record<string, Job>>;

interface HousekeepingParts {
  readonly workspaces: Workspaces;
  /** With several processes, one runs the jobs. */
  readonly isMine: () => boolean;
  readonly log: Pick<Log, 'warn'>;
}

/** Runs the jobs of every workspace now and once an hour. A failed job is tried again an hour later. Returns a function that stops them. */
export function startHousekeeping({ workspaces, isMine, log }: HousekeepingParts, jobsOf: (workspaceId: string) => Jobs): () => Promise<void> {
  const stop = new AbortController();
  const known = new Map<string, Jobs>();
  const once = async (): Promise<void> => {
    for (const workspaceId of await workspaces()) {
      const jobs = known.get(workspaceId) ?? jobsOf(workspaceId);
      known.set(workspaceId, jobs);
      for (const [job, work] of Object.entries(jobs)) {
        if (stop.signal.aborted || !isMine()) return;
        await work(stop.signal).catch((error: unknown) => log.warn({ job, workspaceId, err: toAppError(error) }, 'Housekeeping failed; retrying in an hour'));
      }
    }
  };
  let working = once();
  const timer = setInterval(() => {
    working = working.then(once);
  }, HOUR_MS).unref();
  return async () => {
    stop.abort();
    clearInterval(timer);
    await working;
  };
}
