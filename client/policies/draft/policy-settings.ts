import type { PolicyContent, Retention } from '@switchyard/shared/contracts/policies.ts';
import { formatNumber } from '../../ui/format.ts';

/* Logging and retention as the texts of the form. */

export const RETENTION_FIELDS = ['payloadDays', 'journalDays', 'summaryDays'] as const;
export const SETTINGS = ['logging', 'keep', 'replyMinutes', ...RETENTION_FIELDS] as const;
export type Setting = (typeof SETTINGS)[number];
/** Days are empty if the data is kept. Kept fields are separated by commas. */
export type Settings = Readonly<Record<Setting, string>>;

export const LOGGING: Readonly<Record<PolicyContent['logging'], { readonly label: string; readonly help: string }>> = {
  full: { label: 'Full', help: 'All values and model calls, after redaction' },
  redacted: { label: 'Redacted', help: 'Only the fields you name. Of other values, type and length' },
  metadata: { label: 'Metadata', help: 'No values at any time, only types, times, costs, and statuses' },
};
const isLogging = (text: string): text is PolicyContent['logging'] => text in LOGGING;

export const SETTING_LABELS: Readonly<Record<Setting, string>> = {
  logging: 'Logging',
  keep: 'Kept fields',
  replyMinutes: 'Response',
  payloadDays: 'Payloads',
  journalDays: 'Journals',
  summaryDays: 'Runs',
};

const daysText = (days: number | null): string => (days === null ? '' : String(days));

export const settingsOf = ({ logging, keep, replyMinutes, retention }: Omit<PolicyContent, 'redaction'>): Settings => ({
  logging,
  keep: keep.join(', '),
  replyMinutes: String(replyMinutes),
  payloadDays: daysText(retention.payloadDays),
  journalDays: daysText(retention.journalDays),
  summaryDays: daysText(retention.summaryDays),
});

/** Names separated by commas or spaces. */
export const namesIn = (text: string): string[] => text.split(/[\s,]+/).filter((name) => name !== '');

const daysOf = (text: string): number | null => (text === '' ? null : Number(text));

export const retentionOf = ({ payloadDays, journalDays, summaryDays }: Settings): Retention => ({
  payloadDays: daysOf(payloadDays),
  journalDays: daysOf(journalDays),
  summaryDays: daysOf(summaryDays),
});

/** The settings to send. Their values are as typed. */
export const contentOfSettings = (settings: Settings): Omit<PolicyContent, 'redaction'> => ({
  logging: isLogging(settings.logging) ? settings.logging : 'full',
  keep: namesIn(settings.keep),
  replyMinutes: settings.replyMinutes === '' ? Number.NaN : Number(settings.replyMinutes),
  retention: retentionOf(settings),
});

/** The value of a setting in words. */
export function settingText(setting: Setting, value: string): string {
  if (setting === 'logging') return isLogging(value) ? LOGGING[value].label : value;
  if (setting === 'keep') return value === '' ? 'none' : value;
  if (setting === 'replyMinutes') return `${value} min`;
  return value === '' ? 'kept' : `${formatNumber(Number(value))} ${value === '1' ? 'day' : 'days'}`;
}

/** A message of the schema about a setting, in the words of the page. */
export const settingMessage = (setting: Setting, message: string): string =>
  `${SETTING_LABELS[setting]} ${message
    .replace('journalDays', 'journals')
    .replace('summaryDays', 'runs')
    .replace(/, but is not a number$/, '')}`;
