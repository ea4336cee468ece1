import type { Change } from '@switchyard/shared/contracts/changes.ts';
import { hashOf } from './canonical.ts';

/* The hash chain of the audit trail (S89). Each entry is hashed with the hash of the entry before. */

export const AUDIT_FORMAT = 'switchyard/audit@1';

/** An entry as it is hashed: everything that was recorded before the change was made. */
export interface AuditEntry extends Omit<Change, 'applied'> {
  /** Its place in the chain, from 1. Null in entries of versions without a chain. */
  readonly number: number | null;
  readonly revision: number;
}

/** `previous`: the hash of the entry before, or null for the first one. */
export const entryHash = (previous: string | null, { number, id, at, actor, subject, action, before, after, reason, revision }: AuditEntry): string =>
  hashOf({ format: AUDIT_FORMAT, previous, number, id, at, actor, subject, action, before, after, reason, revision });

/** What the installation signs about an exported audit trail. */
export interface AuditStatement {
  readonly format: typeof AUDIT_FORMAT;
  /** How many lines there are before this one, also of entries without a chain. */
  readonly entries: number;
  /** The last entry of the chain, and its hash. */
  readonly number: number;
  readonly head: string | null;
  /** SHA-256 of these lines, with their line breaks. */
  readonly lines: string;
}
