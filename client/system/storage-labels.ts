import type { RetentionResult, Storage, StoragePart } from '@switchyard/shared/contracts/controls/storage.ts';
import { formatBytes, formatNumber } from '../ui/format.ts';

export const PART_LABELS: Readonly<Record<StoragePart, string>> = {
  journals: 'Run journals',
  values: 'Large values and files',
  runs: 'Runs and reviews',
  requests: 'Requests',
  calls: 'Model calls',
  tables: 'State and tables',
  definitions: 'Workflows, prompts, and settings',
  indexes: 'Indexes and log',
  free: 'Free for new data',
};

const daysWords = (days: number | null): string => (days === null ? 'forever' : days === 1 ? '1 day' : `${formatNumber(days)} days`);

/** “payloads 30 days, journals forever” */
export const keepsWords = ({ payloadDays, journalDays }: Storage['workflows'][number]): string =>
  `payloads ${daysWords(payloadDays)}, journals ${daysWords(journalDays)}`;

/** “1.2 GB in use, 20 GB free on the disk” */
export const totalWords = ({ bytes, diskFreeBytes }: Storage): string =>
  `${formatBytes(bytes)} in use${diskFreeBytes === null ? '' : `, ${formatBytes(diskFreeBytes)} free on the disk`}`;

/** What a pass of retention did. */
export function removedWords({ payloads, journals, summaries, done }: RetentionResult): string {
  const parts = [
    [payloads, 'payloads'],
    [journals, 'journals'],
    [summaries, 'everything'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${what} of ${formatNumber(count)} ${count === 1 ? 'run' : 'runs'}`);
  const list = said.length === 0 ? 'Nothing was old enough to remove' : `Removed ${new Intl.ListFormat('en').format(said)}`;
  return done ? list : `${list}. There is more: apply it again`;
}
