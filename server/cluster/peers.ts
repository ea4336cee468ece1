import type { ProcessRecord } from '../store/collections.ts';

/* How many processes share a limit. Counted in the store, so the figures also hold while Redis is away. */

export interface Peers {
  /** Processes that serve callers, at least 1. A dead one counts until its record is removed. */
  webs(): number;
  /** Processes that drive runs, at least 1. */
  workers(): number;
}

/** `known`: the processes as last read. Until the store is back, the last figures hold. */
export function countPeers(known: () => readonly Pick<ProcessRecord, 'role'>[]): Peers {
  const countOf = (other: 'web' | 'worker'): number => Math.max(1, known().filter(({ role }) => role !== other).length);
  return { webs: () => countOf('worker'), workers: () => countOf('web') };
}
