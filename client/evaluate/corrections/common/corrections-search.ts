import type { CauseGroup } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { CAUSE_GROUPS } from '@switchyard/shared/evaluation/choices.ts';

export const PERIODS = ['7d', '30d', '90d', '365d'] as const;
export type Period = (typeof PERIODS)[number];
export const DEFAULT_PERIOD: Period = '30d';

/** What the list shows: the corrections of a cause, or the cases that reviewers marked as different. */
export type Shown = CauseGroup | 'different';

/** The URL of the Corrections page. */
export interface CorrectionsSearch {
  readonly workflow?: string;
  readonly period?: Period;
  readonly cause?: Shown;
  /** Only those without a confirmed cause. */
  readonly open?: true;
  /** The correction shown in full. */
  readonly correction?: string;
}

const isId = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 200;

/** Reads the URL; ignores invalid values. */
export function readCorrectionsSearch(raw: Record<string, unknown>): CorrectionsSearch {
  const period = PERIODS.find((known) => known === raw.period);
  const cause = [...CAUSE_GROUPS, 'different' as const].find((known) => known === raw.cause);
  return {
    ...(isId(raw.workflow) && { workflow: raw.workflow }),
    ...(period && { period }),
    ...(cause && { cause }),
    ...(raw.open === true && { open: true }),
    ...(isId(raw.correction) && { correction: raw.correction }),
  };
}

const DAY_MS = 86_400_000;
/** The start is rounded, so the page doesn’t ask again with every second. */
const STEP_MS = 5 * 60_000;

/** When the range begins, in ISO 8601. It ends now. */
export const startOf = (period: Period, now: number): string =>
  new Date(Math.floor(now / STEP_MS) * STEP_MS - Number.parseInt(period, 10) * DAY_MS).toISOString();
