import type { Bus } from '@switchyard/server/engine/bus.ts';
import type { Claim, Ownership } from '@switchyard/server/engine/ownership.ts';
import { LOST_MS } from '@switchyard/server/engine/recovery/heartbeat.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { type Inner, later } from './inner.ts';

/* Ownership of the one run among several processes of the simulated world, by the rules of S41. */

/** How long an observer must see no new heartbeat before it considers a process dead, on its own clock. */
const DEAD_MS = 10_000;

export function sharedOwnership(inner: Inner, born: number, bus: Bus): Ownership {
  const { time, beats, processes } = inner;
  const seen = new Map<number, { readonly beat: number | undefined; readonly at: number }>();
  let lastBeat = Number.NEGATIVE_INFINITY;

  const looksDead = (other: number): boolean => {
    const beat = beats.get(other);
    const known = seen.get(other);
    if (beat === undefined) return true;
    if (known?.beat === beat) return time.elapsed() - known.at >= DEAD_MS;
    seen.set(other, { beat, at: time.elapsed() });
    return false;
  };
  const beat = async (): Promise<void> => {
    const began = time.elapsed();
    await later(inner, born, () => void beats.set(born, (beats.get(born) ?? 0) + 1));
    for (const other of beats.keys()) looksDead(other);
    lastBeat = began;
  };
  const claim = (): Claim => {
    const { owner } = inner;
    if (inner.options.mutant !== 'waking-steals' && owner !== undefined && owner !== born && !looksDead(owner)) return { kind: 'owned' };
    inner.owner = born;
    if (owner === undefined || owner === born) return { kind: 'claimed' };
    const markedBy = `process-${owner}`;
    return { kind: 'claimed', crash: { alone: false, certain: false, ...(processes.get(markedBy) === 'run' && { markedBy }) } };
  };
  /** The run is not done, and something can be done now. */
  const isDue = (): boolean => {
    const { status = 'queued' as const, wakeAt = null } = inner.summary ?? {};
    if (isEnded(status)) return false;
    return status !== 'waiting' || (wakeAt !== null && Date.parse(wakeAt) <= time.now()) || inner.signals.some((signal) => !signal.moved);
  };

  return {
    processId: `process-${born}`,
    shared: true,
    ownerOfNew: null,
    held: () => undefined,
    enter: beat,
    renew: beat,
    leave: () => later(inner, born, () => void beats.delete(born)),
    holds: () => time.elapsed() - lastBeat < LOST_MS,
    unowned: () => later(inner, born, () => (isDue() && (inner.owner === undefined || looksDead(inner.owner)) ? ['run'] : [])),
    mark: (runId) => later(inner, born, () => void processes.set(`process-${born}`, runId)),
    charged: () => later(inner, born, () => undefined),
    claim: () => later(inner, born, claim),
    notify: (runId) => bus.publish({ kind: 'wake', runId }),
    release: () => {
      if (inner.owner === born) inner.owner = undefined;
    },
  };
}
