import { POLL_MS } from './bus.ts';
import type { EnginePorts } from './ports.ts';

/*
 * Keeps this process among the live ones where several work on a store (S41). Owns: when to renew the beat, and when to look for runs
 * that no live process owns. All spans are of the clock that never jumps; clocks of two processes are never compared.
 */

const BEAT_MS = 2_000;
/** Without a beat on disk for so long, others may soon take this process for dead, so it stops its calls (`holds`). */
export const LOST_MS = 8_000;
const CHECK_MS = 1_000;

export interface HeartbeatOptions {
  readonly ports: Pick<EnginePorts, 'after' | 'ownership' | 'report'>;
  /** This process may be taken for dead: its runs are no longer its own. */
  readonly onLost: () => void;
  /** Runs that no live process owns. */
  readonly onUnowned: (runIds: readonly string[]) => void;
}

/** Starts both; returns how to stop them. In one process, the lock of the data directory replaces the beat. */
export function startHeartbeat({ ports, onLost, onUnowned }: HeartbeatOptions): () => void {
  const { ownership } = ports;
  if (!ownership.shared) return () => {};
  let isLost = false;
  const check = (): void => {
    if (ownership.holds() !== isLost) return;
    isLost = !isLost;
    if (isLost) onLost();
  };
  const beat = async (): Promise<void> => {
    check();
    await ownership.renew();
    check();
  };
  const stops = [
    every(ports, BEAT_MS, beat),
    every(ports, CHECK_MS, async () => check()),
    every(ports, POLL_MS.workers, async () => onUnowned(await ownership.unowned())),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Does this again and again, each time so long after it was done. */
export function every(ports: Pick<EnginePorts, 'after' | 'report'>, ms: number, work: () => Promise<void>): () => void {
  let stopped = false;
  let cancel = () => {};
  const arm = (): void => {
    if (!stopped) cancel = ports.after(ms, round);
  };
  const round = (): void => {
    work()
      .catch((error) => ports.report('Looking again failed; retrying', { runId: '', error }))
      .finally(arm);
  };
  arm();
  return () => {
    stopped = true;
    cancel();
  };
}
