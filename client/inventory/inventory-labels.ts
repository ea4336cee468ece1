import type { InventoryItem, WorkflowInventory } from '@switchyard/shared/contracts/insight/inventory.ts';

/* The data inventory in words. */

export const PLACES: Readonly<Record<InventoryItem['place'], string>> = {
  sqlite: 'the SQLite database of the data directory',
  mongodb: 'the MongoDB database',
};

const daysWords = (days: number): string => (days === 1 ? '1 day' : `${days} days`);

export function keptWords({ until, days }: InventoryItem['kept']): string {
  if (until === 'workflow') return 'set per workflow';
  if (until === 'fixed' && days !== null) return daysWords(days);
  return until === 'deleted' ? 'until it is deleted' : 'always';
}

const ACCESS: Readonly<Record<InventoryItem['access'][number], string>> = {
  read: 'signed-in users, API tokens with the read scope',
  admin: 'signed-in users, API tokens with the admin scope',
  'review-link': 'reviewers with a link (their review)',
  'status-url': 'callers with a status URL (the output)',
  'chat-page': 'the chat’s visitor',
  none: 'no one: used, never shown',
};

export const accessWords = (access: InventoryItem['access']): string => access.map((one) => ACCESS[one]).join('; ');

export function loggingWords({ logging, redacted }: Pick<WorkflowInventory, 'logging' | 'redacted'>): string {
  const mode = { full: 'all values', redacted: 'selected fields once a run has ended', metadata: 'no values' }[logging];
  return redacted.length === 0 ? mode : `${mode}; replaced on entry: ${redacted.join(', ')}`;
}

/** How long a workflow keeps payloads, journals, and runs. */
export function retentionWords({ payloadDays, journalDays, summaryDays }: Pick<WorkflowInventory, 'payloadDays' | 'journalDays' | 'summaryDays'>): string {
  const words = (days: number | null): string => (days === null ? 'always' : daysWords(days));
  return `payloads ${words(payloadDays)}, journals ${words(journalDays)}, runs ${words(summaryDays)}`;
}

export const runsWords = (runs: number, most: number): string =>
  runs === 0 ? 'No runs' : runs === 1 ? '1 run' : `${runs >= most ? 'At least ' : ''}${runs.toLocaleString('en')} runs`;
