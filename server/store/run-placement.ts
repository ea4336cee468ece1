import { isEnded, type RunStatus } from '@switchyard/shared/run/state.ts';
import type { RunRecord } from './collections.ts';

/* Where a run is, if several processes drive runs (S41) or a workflow has a limit (S46): with an owner, in the queue, or neither. */

/** High, normal, low. */
export type QueuePriority = 0 | 1 | 2;

const LONGEST_TENANT = 100;

/** Sorts queued runs by priority, workflow, tenant, and age. */
export function queueKey(
  { id, workflowId, labels, createdAt }: Pick<RunRecord, 'id' | 'workflowId' | 'labels' | 'createdAt'>,
  priority: QueuePriority,
): string {
  const tenant = (labels.tenant ?? '').replaceAll('|', '').slice(0, LONGEST_TENANT);
  return [priority, workflowId, tenant, createdAt, id].join('|');
}

/** A run that waits or has ended has no owner, is not queued, and takes no slot. */
export const unplaced = (status: RunStatus): { readonly owner: null; readonly queue: null; readonly slot: null } | undefined =>
  status === 'waiting' || isEnded(status) ? { owner: null, queue: null, slot: null } : undefined;
