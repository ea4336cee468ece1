import { POLL_MS } from '../bus.ts';
import type { EnginePorts } from '../ports.ts';

/*
 * Keeps this process alive in the view of others that share its store (S41). Owns: when to renew the heartbeat, and when to look for runs
 * that no live process owns. All durations use the monotonic clock; clocks of two processes are never compared.
 */

const BEAT_MS = 2_000;
/** After this long without a heartbeat on disk, others may soon consider this process dead, so it stops its calls (`holds`). */
export const LOST_MS = 8_000;
const CHECK_MS = 1_000;

export interface HeartbeatOptions {
  readonly ports: Pick<EnginePorts, 'after' | 'dispatch' | 'ownership' | 'report'>;
  /** Others may consider this process dead: its runs are no longer its own. */
  readonly onLost: () => void;
  /** Runs that no live process owns. */
  readonly onUnowned: (runIds: readonly string[]) => void;
}

/** Starts both and returns a function that stops them. Within one process, the lock of the data directory replaces the heartbeat. */
export function startHeartbeat({ ports, onLost, onUnowned }: HeartbeatOptions): () => void {
  const { ownership, dispatch } = ports;
  if (!ownership.shared) return () => {};
  let isLost = false;
  const check = (): void => {
    if (ownership.holds() !== isLost) return;
    isLost = !isLost;
    if (isLost) onLost();
  };
  const search = async (): Promise<void> => onUnowned(await ownership.unowned());
  const beat = async (): Promise<void> => {
    check();
    await ownership.renew();
    check();
  };
  const stops = [
    every(ports, BEAT_MS, beat),
    every(ports, CHECK_MS, async () => check()),
    every(ports, CHECK_MS, async () => {
      if ((await ownership.watch()) && dispatch.drives) await search();
    }),
    ...(dispatch.drives ? [every(ports, POLL_MS.workers, search)] : []),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Repeats the work, waiting `ms` after each time it finishes. */
export function every(ports: Pick<EnginePorts, 'after' | 'report'>, ms: number, work: () => Promise<void>): () => void {
  let stopped = false;
  let cancel = () => {};
  const arm = (): void => {
    if (!stopped) cancel = ports.after(ms, round);
  };
  const round = (): void => {
    work()
      .catch((error) => ports.report('Periodic check failed; retrying', { runId: '', error }))
      .finally(arm);
  };
  arm();
  return () => {
    stopped = true;
    cancel();
  };
}
