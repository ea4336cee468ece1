import { CHANGE_SUBJECTS } from '@switchyard/shared/contracts/changes.ts';
import { type DayRange, readDays } from '../frame/day-range.ts';

export const AUDIT_PERIODS = ['24h', '7d', '30d'] as const;
export type AuditPeriod = (typeof AUDIT_PERIODS)[number];

/** The filters of the Audit page. Days replace the period. */
export interface AuditSearch extends Partial<DayRange> {
  readonly kind?: (typeof CHANGE_SUBJECTS)[number];
  readonly period?: AuditPeriod;
  /** The ID of who made the change. */
  readonly actor?: string;
}

/** Reads the URL; ignores invalid values. */
export function readAuditSearch(raw: Record<string, unknown>): AuditSearch {
  const kind = CHANGE_SUBJECTS.find((known) => known === raw.kind);
  const period = AUDIT_PERIODS.find((known) => known === raw.period);
  const actor = typeof raw.actor === 'string' && raw.actor !== '' && raw.actor.length <= 200 ? raw.actor : undefined;
  return { ...(kind && { kind }), ...(readDays(raw) ?? (period && { period })), ...(actor !== undefined && { actor }) };
}
