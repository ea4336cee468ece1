import { AppError } from '../errors.ts';
import { sameJson } from '../same-json.ts';

/*
 * Stored state of a workflow (S75): what can be asked of one key, and what a change makes of its value. Pure.
 */

export const STATE_OPERATIONS = ['get', 'set', 'increment', 'append', 'compare-and-set', 'delete'] as const;

/** Live runs and draft runs have separate values. */
export const STATE_SPACES = ['live', 'draft'] as const;
export type StateSpace = (typeof STATE_SPACES)[number];

export const MOST_STATE_KEYS = 10_000;
/** Bytes of a value as JSON. */
export const MOST_STATE_BYTES = 64 * 1_024;
export const LONGEST_STATE_KEY = 200;
/** Items that a list keeps after an append. */
export const MOST_APPENDED = 1_000;

export type StateChange =
  | { readonly operation: 'set'; readonly value: unknown }
  | { readonly operation: 'increment'; readonly by: number }
  /** Adds to the end of a list, which keeps its last `keep` items. */
  | { readonly operation: 'append'; readonly value: unknown; readonly keep: number }
  /** Sets the value if it is `expected` now. Null: there is none, or it is null. */
  | { readonly operation: 'compare-and-set'; readonly expected: unknown; readonly value: unknown }
  | { readonly operation: 'delete' }
  /** Remembers the key until `until`, unless it is remembered already. `at` is when the step asked. */
  | { readonly operation: 'remember'; readonly at: string; readonly until: string };

export type StateRequest = { readonly key: string } & ({ readonly operation: 'get' } | StateChange);

/** What a step learns. */
export interface StateResult {
  /** The value now. Null if there is none. */
  readonly value: unknown;
  /** Whether there was a value before. */
  readonly found: boolean;
  readonly changed: boolean;
}

export interface StoredValue {
  readonly value: unknown;
  /** When it is forgotten. */
  readonly expiresAt: string | null;
}

export interface AppliedChange {
  /** Undefined: there is no value. */
  readonly after: StoredValue | undefined;
  readonly result: StateResult;
}

const kept = (value: unknown): StoredValue => ({ value, expiresAt: null });

/** What a change makes of a value. Throws `bad-request` if the value is of the wrong type. */
export function applyStateChange(before: StoredValue | undefined, key: string, change: StateChange): AppliedChange {
  const found = before !== undefined;
  const changedTo = (value: unknown): AppliedChange => ({ after: kept(value), result: { value, found, changed: true } });
  const current = before?.value ?? null;
  switch (change.operation) {
    case 'set':
      return changedTo(change.value);
    case 'increment':
      return changedTo(sumOf(current, key, change.by));
    case 'append':
      return changedTo([...listOf(current, key), change.value].slice(-change.keep));
    case 'compare-and-set':
      return sameJson(current, change.expected) ? changedTo(change.value) : { after: before, result: { value: current, found, changed: false } };
    case 'delete':
      return { after: undefined, result: { value: null, found, changed: found } };
    case 'remember':
      return remembered(before, change);
  }
}

function sumOf(current: unknown, key: string, by: number): number {
  if (current !== null && typeof current !== 'number') throw new AppError('bad-request', `“${key}” is not a number, so it can’t be incremented.`);
  const sum = (current ?? 0) + by;
  if (!Number.isFinite(sum)) throw new AppError('bad-request', `“${key}” would become too large a number.`);
  return sum;
}

function listOf(current: unknown, key: string): readonly unknown[] {
  if (current === null) return [];
  if (!Array.isArray(current)) throw new AppError('bad-request', `“${key}” is not a list, so nothing can be appended.`);
  return current;
}

function remembered(before: StoredValue | undefined, { at, until }: Extract<StateChange, { operation: 'remember' }>): AppliedChange {
  const isKnown = before !== undefined && (before.expiresAt === null || before.expiresAt > at);
  if (isKnown) return { after: before, result: { value: before.value, found: true, changed: false } };
  return { after: { value: at, expiresAt: until }, result: { value: at, found: false, changed: true } };
}
