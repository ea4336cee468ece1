import { processes } from '../store/collections.ts';
import { findAll } from '../store/find-all.ts';
import type { Store } from '../store/port.ts';
import { INSTALLATION } from '../store/workspaces.ts';

/* How many processes share a limit. Counted in the store, so the figures also hold while Redis is away. */

const COUNT_EVERY_MS = 5_000;

export interface Peers {
  /** Processes that serve callers, at least 1. A dead one counts until its record is removed. */
  webs(): number;
  /** Processes that drive runs, at least 1. */
  workers(): number;
  stop(): void;
}

export function countPeers(store: Store): Peers {
  let webs = 1;
  let workers = 1;
  const count = async (): Promise<void> => {
    const roles = (await findAll(store.in(INSTALLATION), processes)).map(({ role = 'all' }) => role);
    webs = Math.max(1, roles.filter((role) => role !== 'worker').length);
    workers = Math.max(1, roles.filter((role) => role !== 'web').length);
  };
  // Until the store is back, the last figures hold.
  const timer = setInterval(() => void count().catch(() => {}), COUNT_EVERY_MS).unref();
  void count().catch(() => {});
  return { webs: () => webs, workers: () => workers, stop: () => clearInterval(timer) };
}
