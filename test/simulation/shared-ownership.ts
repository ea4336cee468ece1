import type { Bus } from '@switchyard/server/engine/bus.ts';
import type { Ownership } from '@switchyard/server/engine/ownership.ts';
import type { QueuePorts } from '@switchyard/server/engine/queue/queue-ports.ts';
import { queuePorts } from '@switchyard/server/engine-adapter/queue-ports.ts';
import { clusterProcesses } from '@switchyard/server/ownership/cluster-processes.ts';
import { sharedOwnership } from '@switchyard/server/ownership/shared.ts';
import { NO_LIMITS } from '@switchyard/server/services/queue/queue-board.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { Inner } from './inner.ts';
import { sharedStore } from './shared-store.ts';

/** The server's own ownership (S41), over the records of the simulated world. */
export function simulatedOwnership(inner: Inner, born: number, bus: Bus): Ownership {
  const { time, options } = inner;
  const now = () => new Date(time.now());
  const stores = sharedStore(inner, born);
  const processes = clusterProcesses({ store: stores, id: `process-${born}`, facts: { role: 'all' }, now, elapsed: time.elapsed });
  const seen = options.mutant === 'waking-steals' ? { ...processes, isGone: async () => true } : processes;
  const ownership = sharedOwnership({
    stores,
    workspaces: async () => ['w'],
    processes: seen,
    bus,
    drivesNew: true,
    priorityOf: () => 'normal',
    reads: async () => true,
    now,
  });
  return { ...ownership, ...brokenParts(inner, ownership) };
}

/** The server's own queue (S46). A single process has nothing in it. */
export function simulatedQueue(inner: Inner, born: number, { adopt }: Pick<Ownership, 'adopt'>): QueuePorts {
  return queuePorts({
    store: sharedStore(inner, born),
    workspaces: async () => (inner.options.drivers === 2 ? ['w'] : []),
    ownership: { adopt, shared: true, processId: `process-${born}`, reads: async () => true },
    queues: { limitsOf: () => NO_LIMITS },
    kills: { isHeld: () => false },
  });
}

function brokenParts(inner: Inner, ownership: Ownership): Partial<Ownership> {
  if (inner.options.mutant === 'slow-owner-counts-as-crash')
    return {
      claim: async (runId) => {
        const claim = await ownership.claim(runId);
        return claim.kind === 'claimed' && claim.crash ? { ...claim, crash: { ...claim.crash, certain: true } } : claim;
      },
    };
  let doubled = false;
  if (inner.options.mutant === 'sweep-doubles')
    return {
      unowned: async () => {
        const found = await ownership.unowned();
        if (doubled || !inner.accepted || isEnded(inner.summary?.status ?? 'queued')) return found;
        doubled = true;
        inner.place.owner = ownership.processId;
        return ['run'];
      },
    };
  return {};
}
