import type { Expected } from '../../port.ts';

/** A copy of the requested changes, unaffected by later changes to the caller's object. */
export interface Changes {
  readonly values: Readonly<Record<string, unknown>>;
  readonly removed: readonly string[];
}

/** Copies the changes as JSON represents them. */
export const copyChanges = (changes: object): Changes => {
  const values = JSON.parse(JSON.stringify(changes)) as Record<string, unknown>;
  return { values, removed: Object.keys(changes).filter((field) => !Object.hasOwn(values, field)) };
};

/** Whether a record is as the writer expects. Absent and null are the same. */
export const meets = (record: Readonly<Record<string, unknown>>, expected: Expected): boolean =>
  Object.entries(expected.equal ?? {}).every(([field, wanted]) => (own(record, field) ?? null) === wanted) &&
  Object.entries(expected.below ?? {}).every(([field, bound]) => {
    const value = own(record, field);
    return typeof value === 'number' && value < bound;
  });

/** Applies changes to a record that is not shared. */
export const applyChanges = (record: Record<string, unknown>, changes: Changes): void => {
  for (const field of changes.removed) delete record[field];
  // Defined, not assigned: a field named `__proto__` is data too.
  for (const [field, value] of Object.entries(changes.values))
    Object.defineProperty(record, field, { value, writable: true, enumerable: true, configurable: true });
};

const own = (record: Readonly<Record<string, unknown>>, field: string): unknown => (Object.hasOwn(record, field) ? record[field] : undefined);
