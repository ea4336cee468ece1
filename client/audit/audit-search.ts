import { CHANGE_SUBJECTS } from '@switchyard/shared/contracts/changes.ts';

export const AUDIT_PERIODS = ['24h', '7d', '30d'] as const;
export type AuditPeriod = (typeof AUDIT_PERIODS)[number];

/** The filters of the Audit page. */
export interface AuditSearch {
  readonly kind?: (typeof CHANGE_SUBJECTS)[number];
  readonly period?: AuditPeriod;
}

/** Reads the URL; ignores invalid values. */
export function readAuditSearch(raw: Record<string, unknown>): AuditSearch {
  const kind = CHANGE_SUBJECTS.find((known) => known === raw.kind);
  const period = AUDIT_PERIODS.find((known) => known === raw.period);
  return { ...(kind && { kind }), ...(period && { period }) };
}
