import { cellField } from '../declared-fields.ts';
import type { CellCondition, Query } from '../port.ts';
import type { Condition } from './after-cursor.ts';
import { bindable, searchable } from './columns.ts';
import { columnOf } from './table.ts';

const COMPARISONS = { equal: '=', 'not-equal': 'IS NOT', below: '<', 'at-most': '<=', above: '>', 'at-least': '>=' } as const;

/** The conditions of a query on cells, as one part of a WHERE clause. */
export function cellConditions({ cells }: Query): Condition[] {
  if (!cells || cells.conditions.length === 0) return [];
  const parts = cells.conditions.map(conditionOf);
  return [{ sql: `(${parts.map(({ sql }) => sql).join(cells.match === 'all' ? ' AND ' : ' OR ')})`, values: parts.flatMap(({ values }) => values) }];
}

function conditionOf({ cell, is, value = '' }: CellCondition): Condition {
  const column = columnOf(cellField(cell));
  switch (is) {
    case 'empty':
      return { sql: `${column} IS NULL`, values: [] };
    case 'filled':
      return { sql: `${column} IS NOT NULL`, values: [] };
    case 'contains':
      return { sql: `instr(lower_case(${column}), ?) > 0`, values: [searchable(String(value))] };
    case 'starts-with':
      return { sql: `substr(${column}, 1, ?) = ?`, values: [[...String(value)].length, String(value)] };
    default:
      return { sql: `${column} ${COMPARISONS[is]} ?`, values: [bindable(value)] };
  }
}
