import type { ProcessRecord } from '../store/collections.ts';

type Seen = Pick<ProcessRecord, 'id' | 'role' | 'state' | 'slots' | 'driving'>;

/**
 * The worker to tell about a run: one that has a free slot by its last heartbeat, in turns. That may be wrong by now. `live`: the live
 * processes, as last read. Undefined if no other worker has a free slot.
 */
export function idleWorkers({ live, own }: { readonly live: () => readonly Seen[]; readonly own: string }): () => string | undefined {
  let last = '';
  return () => {
    const free = live().filter(({ id, role, state, slots, driving = 0 }) => role !== 'web' && state === 'live' && id !== own && driving < (slots ?? 0));
    const ids = free.map(({ id }) => id).toSorted();
    const next = ids.find((id) => id > last) ?? ids[0];
    last = next ?? last;
    return next;
  };
}
