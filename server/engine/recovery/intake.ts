import { LRUCache } from 'lru-cache';
import type { AcceptedRun, EnginePorts } from '../ports.ts';
import { createQueueing } from '../queue/queueing.ts';
import { createBacklog } from './backlog.ts';
import { createRecoveryQueue } from './recovery-queue.ts';
import { createRouter } from './wake-router.ts';

/* Owns which runs this process starts to drive, and when: new ones, woken ones, queued ones, and those without an owner. */

/** How many passed-on runs are remembered. */
const REMEMBERED = 10_000;
/** How many unfinished runs one process recovers at once after a start. */
const RECOVERED_AT_ONCE = 100;

interface IntakeParts {
  readonly ports: Pick<EnginePorts, 'after' | 'dispatch' | 'now' | 'ownership' | 'queue' | 'report'>;
  /** How many runs this process drives. */
  readonly driven: () => number;
  readonly isDriven: (runId: string) => boolean;
  readonly drive: (runId: string, accepted?: AcceptedRun) => void;
}

export function createIntake({ ports, driven, isDriven, drive }: IntakeParts) {
  const { dispatch, ownership } = ports;
  const { shared, notify } = ownership;
  let isClosed = false;
  /** Offered runs that will be driven here. */
  let taking = 0;
  const here = (runId: string, accepted?: AcceptedRun): void => {
    if (accepted) ownership.adopt(accepted);
    drive(runId, accepted);
  };
  const hasRoom = (): boolean => !isClosed && dispatch.drives && driven() + taking < dispatch.slots;
  const recovery = createRecoveryQueue((active) => (shared ? hasRoom() : active < RECOVERED_AT_ONCE), drive);
  const backlog = createBacklog(ports, recovery);
  const queueing = createQueueing({ ports, hasRoom, start: drive });
  const lookAtQueue = (): void => queueing.look('');
  const { wake } = createRouter({ dispatch, shared, now: ports.now, hasRoom, isDriven, notify, here, claim: recovery.add, lookAtQueue });
  const passOn = createPassingOn(ports);
  const takeOffered = async (runId: string): Promise<void> => {
    taking++;
    const found = await ports.queue.find(runId).finally(() => taking--);
    if (found === 'unreadable') passOn(runId);
    else if (found === 'queued') lookAtQueue();
    else recovery.add([runId]);
  };
  return {
    wake,
    wakeAll: (runIds: readonly string[]): void => {
      if (shared) for (const runId of runIds) wake(runId);
      else recovery.add(runIds);
    },
    /** Runs without an owner. The queue may have changed too. */
    add: (runIds: readonly string[]): void => {
      backlog.add(runIds);
      queueing.look();
    },
    /** See Queueing. */
    look: queueing.look,
    /** Claims a run that another process offered, or the queued one whose turn it is. False if no slot is free. */
    take: (runId: string): boolean => {
      const takes = hasRoom();
      if (takes) takeOffered(runId).catch((error) => ports.report('Taking an offered run failed', { runId, error }));
      else backlog.note();
      return takes;
    },
    /** This process no longer drives the run. */
    done: (runId: string, freed?: string): void => {
      recovery.done(runId);
      queueing.done(runId, freed);
      if (!shared || !hasRoom()) return;
      dispatch.freed();
      backlog.pull();
    },
    ownerOfNew: (): string | null | undefined => (shared ? (hasRoom() ? ownership.ownerOfNew : null) : undefined),
    queued: recovery.queued,
    close: (): void => {
      isClosed = true;
      recovery.stop();
      queueing.stop();
    },
  };
}

/** Offers a run that this version can’t read to others, once. If another old process gets it, newer ones find the run when they poll. */
function createPassingOn({ dispatch, now }: Pick<IntakeParts['ports'], 'dispatch' | 'now'>): (runId: string) => void {
  const passedOn = new LRUCache<string, true>({ max: REMEMBERED });
  return (runId) => {
    if (passedOn.has(runId)) return;
    passedOn.set(runId, true);
    dispatch.offer(runId, now());
  };
}
