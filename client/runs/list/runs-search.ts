import { TRIGGER_KINDS, type TriggerKind } from '@switchyard/shared/run/events.ts';
import { RUN_STATUSES, type RunStatus } from '@switchyard/shared/run/state.ts';

export const PERIODS = ['1h', '24h', '7d', '30d', 'all'] as const;
export type Period = (typeof PERIODS)[number];

/** The search params of the runs page: filters, and the open run. */
export interface RunsSearch {
  readonly status?: RunStatus;
  readonly workflow?: string;
  readonly version?: string;
  readonly trigger?: TriggerKind;
  readonly period?: Period;
  /** `name:value` */
  readonly label?: string;
  readonly search?: string;
  readonly run?: string;
  /** A second run, compared with the open one. */
  readonly compare?: string;
}

const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined => values.find((known) => known === value);
const text = (value: unknown): string | undefined => (value === undefined || value === null || value === '' ? undefined : String(value));

/** Reads the URL and ignores unknown values. */
export function readRunsSearch(raw: Record<string, unknown>): RunsSearch {
  const read = {
    status: oneOf(RUN_STATUSES, raw.status),
    workflow: text(raw.workflow),
    version: text(raw.version),
    trigger: oneOf(TRIGGER_KINDS, raw.trigger),
    period: oneOf(PERIODS, raw.period),
    label: text(raw.label),
    search: text(raw.search),
    run: text(raw.run),
    compare: text(raw.compare),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}
