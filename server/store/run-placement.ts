import { isEnded, type RunStatus } from '@switchyard/shared/run/state.ts';

/* Where a run is, if several processes drive runs (S41) or a workflow has a limit (S46): with an owner, in the queue, or neither. */

/** A run that waits or has ended has no owner, is not queued, and takes no slot. */
export const unplaced = (status: RunStatus): { readonly owner: null; readonly queue: null; readonly slot: null } | undefined =>
  status === 'waiting' || isEnded(status) ? { owner: null, queue: null, slot: null } : undefined;

const slotOf = (workflowId: string, number: number): string => `${workflowId}#${number}`;

/** The slots of a workflow. `$` is the character after `#`. */
export const slotsOf = (workflowId: string) => ({ field: 'slot', from: `${workflowId}#`, to: `${workflowId}$` });

/** The lowest free slot of a workflow. Undefined if its limit is reached. */
export function freeSlot(workflowId: string, limit: number, taken: readonly (string | null | undefined)[]): string | undefined {
  if (taken.length >= limit) return undefined;
  for (let number = 1; number <= limit; number++) if (!taken.includes(slotOf(workflowId, number))) return slotOf(workflowId, number);
  return undefined;
}
