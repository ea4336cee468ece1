export const TABS = ['mine', 'all', 'done'] as const;
export type Tab = (typeof TABS)[number];

/** What the address of the inbox says: which list, and the task that is open. */
export interface InboxSearch {
  readonly tab?: Tab;
  readonly task?: string;
}

/** Reads the address; what it does not know is left out. */
export function readInboxSearch(raw: Record<string, unknown>): InboxSearch {
  const tab = TABS.find((known) => known === raw.tab);
  const task = raw.task === undefined || raw.task === '' ? undefined : String(raw.task);
  return { ...(tab && { tab }), ...(task !== undefined && { task }) };
}
