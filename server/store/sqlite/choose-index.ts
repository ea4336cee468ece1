import type { Query } from '../port.ts';
import type { Table, TableIndex } from './table.ts';

/**
 * The index for a query with equality in `equal`. It is chosen here because SQLite, without statistics, would scan a whole table in the
 * requested order rather than look up a few records and sort them. Undefined: the order of IDs, or no index fits.
 */
export const chooseIndex = (table: Table, equal: ReadonlySet<string>, query: Query): TableIndex | undefined => {
  if (equal.has('id')) return undefined;
  let best: TableIndex | undefined;
  let bestScore = 0;
  for (const index of table.indexes) {
    const score = scoreOf(index, equal, query);
    if (score > bestScore) [best, bestScore] = [index, score];
  }
  return best;
};

/** Each fixed leading field narrows the search; one more for the order or the range makes it short. */
const scoreOf = (index: TableIndex, equal: ReadonlySet<string>, query: Query): number => {
  if (index.whereSet !== undefined && !equal.has(index.whereSet) && query.range?.field !== index.whereSet) return 0;
  const fixed = index.fields.findIndex((field) => !equal.has(field));
  if (fixed === -1) return index.fields.length * 2 + 1;
  const next = index.fields[fixed];
  return fixed * 2 + (next === query.order?.field || next === query.range?.field ? 1 : 0);
};
