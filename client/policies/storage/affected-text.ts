import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { dryRunRetention } from '@switchyard/shared/contracts/policies.ts';
import { formatNumber } from '../../ui/format.ts';

type Affected = ReplyOf<typeof dryRunRetention>;

/** “1 run”, “1,200 runs”. */
export const runsText = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'run' : 'runs'}`;

/** “1 row”, “1,200 rows”. */
export const rowsText = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'row' : 'rows'}`;

/** What the next pass of the hourly retention job removes, as a sentence. */
export function affectedText({ payloads, journals, summaries }: Affected, isSaved: boolean): string {
  const parts = [
    payloads.runs > 0 ? `the payloads of ${runsText(payloads.runs)}` : '',
    journals.runs > 0 ? `payloads and journals of ${runsText(journals.runs)}` : '',
    summaries.runs > 0 ? `everything about ${runsText(summaries.runs)}` : '',
  ].filter((part) => part !== '');
  const when = isSaved ? 'Within the hour, this removes' : 'Within an hour of saving, this removes';
  return parts.length === 0 ? 'No ended run is old enough: nothing would be removed now.' : `${when} ${listed(parts)}.`;
}

const listed = (parts: readonly string[]): string => (parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`);
