export const TABS = ['mine', 'all', 'done'] as const;
export type Tab = (typeof TABS)[number];

/** The search params of the inbox: which list, and the open review. */
export interface InboxSearch {
  readonly tab?: Tab;
  readonly task?: string;
}

/** Reads the URL and ignores invalid values. */
export function readInboxSearch(raw: Record<string, unknown>): InboxSearch {
  const tab = TABS.find((known) => known === raw.tab);
  const task = raw.task === undefined || raw.task === '' ? undefined : String(raw.task);
  return { ...(tab && { tab }), ...(task !== undefined && { task }) };
}
