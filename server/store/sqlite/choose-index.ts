import type { Query } from '../port.ts';
import type { Table, TableIndex } from './table.ts';

/**
 * The index for a query that asks for equality in `equal`. Chosen here, as SQLite, without statistics, would rather walk a whole table
 * in the order asked for than look up a few records and sort them. Undefined: the order of ids, or nothing fits.
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

/** Each leading field that is fixed narrows the search; one more that gives the order or the span makes it short. */
const scoreOf = (index: TableIndex, equal: ReadonlySet<string>, query: Query): number => {
  if (index.whereSet !== undefined && !equal.has(index.whereSet) && query.range?.field !== index.whereSet) return 0;
  const fixed = index.fields.findIndex((field) => !equal.has(field));
  if (fixed === -1) return index.fields.length * 2 + 1;
  const next = index.fields[fixed];
  return fixed * 2 + (next === query.order?.field || next === query.range?.field ? 1 : 0);
};
