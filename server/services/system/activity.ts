import type { ProcessActivity } from '@switchyard/shared/contracts/system.ts';
import type { Bus } from '../../engine/bus.ts';
import type { Store } from '../../store/port.ts';
import { watchEventLoop } from './event-loop.ts';
import { measuredStore } from './measured-store.ts';
import { createRefusals } from './refusals.ts';
import { createSlowList, isSlow, watchCalls } from './slow-work.ts';

/** Observes this process from now on. */
export function watchActivity(now: () => Date) {
  const elapsed = (): number => performance.now();
  const refusals = createRefusals(() => now().getTime());
  const slow = createSlowList(now);
  const loop = watchEventLoop({ elapsed, blocked: slow.note });
  return {
    /** Counts a rejected request. */
    refused: refusals.note,
    starting: loop.starting,
    measured: (store: Store): Store =>
      measuredStore(store, {
        elapsed,
        took: (operation, on, ms) => {
          if (isSlow('database', ms)) slow.note({ kind: 'database', what: `${operation} ${on}`, ms, runId: null });
        },
      }),
    watchCalls: (bus: Bus): void => watchCalls(bus, slow),
    read: (): ProcessActivity => ({ memoryBytes: process.memoryUsage.rss(), lagMs: loop.lagMs(), refused: refusals.list(), slow: slow.list() }),
    stop: loop.stop,
  };
}
