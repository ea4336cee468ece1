import { toAppError } from '@switchyard/shared/errors.ts';
import type { Log } from './log.ts';

const HOUR_MS = 3_600_000;

/** Something to do from time to time. One that may take long looks at `stop` between its pages. */
type Job = (stop: AbortSignal) => Promise<void>;

/** Does what must be done from time to time: now, and once an hour. One that fails is tried again an hour later. Answers how to stop. */
export function startHousekeeping(jobs: Readonly<Record<string, Job>>, log: Pick<Log, 'warn'>): () => Promise<void> {
  const stop = new AbortController();
  const once = async (): Promise<void> => {
    for (const [job, work] of Object.entries(jobs)) {
      if (stop.signal.aborted) return;
      await work(stop.signal).catch((error: unknown) => log.warn({ job, code: toAppError(error).code }, 'housekeeping failed; it is tried again in an hour'));
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
