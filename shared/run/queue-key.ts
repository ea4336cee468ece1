import type { RunLabels } from './events.ts';

/*
 * The place of a run in the queue (S46): `<priority>|<workflowId>|<tenant>|<createdAt>|<runId>`. Keys sort by priority, then by workflow, then
 * by tenant, and then by age, so one index seek leads to the next workflow or tenant. `}` is the character after `|`: a key with `}` in place
 * of a separator sorts after every key with the same prefix.
 */

export const PRIORITIES = ['high', 'normal', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

interface NewEntry {
  readonly id: string;
  readonly workflowId: string;
  readonly createdAt: string;
  readonly labels: RunLabels;
}

interface QueuePlace {
  readonly priority: Priority;
  readonly workflowId: string;
  readonly tenant: string;
  readonly createdAt: string;
  readonly runId: string;
}

/** Keys from `from` up to, but not including, `to`. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

const MOST_TENANT = 100;

/** The label `tenant` without the separator, and without NUL, at which some stores end a text. */
const tenantOf = ({ tenant = '' }: RunLabels): string => tenant.replaceAll('|', '').replaceAll('\0', '').slice(0, MOST_TENANT).toWellFormed();

export const queueKey = ({ id, workflowId, createdAt, labels }: NewEntry, priority: Priority): string =>
  [PRIORITIES.indexOf(priority), workflowId, tenantOf(labels), createdAt, id].join('|');

export function readQueueKey(key: string): QueuePlace {
  const [priority, workflowId = '', tenant = '', createdAt = '', runId = ''] = key.split('|');
  return { priority: PRIORITIES[Number(priority)] ?? 'normal', workflowId, tenant, createdAt, runId };
}

/** All keys that begin with these parts. */
export const keysOf = (priority: Priority, ...parts: readonly string[]): KeyRange => {
  const prefix = [PRIORITIES.indexOf(priority), ...parts].join('|');
  return { from: `${prefix}|`, to: `${prefix}}` };
};
