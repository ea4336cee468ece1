import { decodeCursor } from '../cursor.ts';
import { cellField, cellOf } from '../declared-fields.ts';
import type { CellCondition, Expected, Query, Scalar } from '../port.ts';
import { encodeValue } from './stored-document.ts';

/*
 * Queries as MongoDB filters. Every value follows one of our operators (`$eq`, `$in`, …), so no value is read as an operator.
 */

export type Filter = Record<string, unknown>;

/** The path of an indexed field, or of a cell. */
export const pathOf = (field: string): string => {
  const cell = cellOf(field);
  if (cell !== undefined) return `by.cells.${cell}`;
  return field === 'id' ? 'id' : `by.${field}`;
};

/** The filter of a checked query. */
export const findFilter = (workspaceId: string, query: Query): Filter => ({
  $and: [
    { workspaceId: { $eq: workspaceId } },
    ...Object.entries(query.where ?? {}).map(([field, wanted]) => ({ [pathOf(field)]: equality(wanted) })),
    ...rangeFilters(query),
    ...cellFilters(query),
    ...(query.search ? [{ search: { $regex: pattern(query.search) } }] : []),
    ...(query.cursor === undefined ? [] : [afterCursor(query.order?.field ?? 'id', query.order?.descending ?? false, query.cursor)]),
  ],
});

/** The requested order, with ties ordered by ID in the same direction. */
export const sortOf = ({ order }: Query): [string, 1 | -1][] => {
  const direction = order?.descending ? -1 : 1;
  return order === undefined || order.field === 'id'
    ? [['id', direction]]
    : [
        [pathOf(order.field), direction],
        ['id', direction],
      ];
};

/** Matches the record if it is as the writer expects. Absent and null are the same. */
export const expectedFilter = (workspaceId: string, id: string, expected: Expected = {}): Filter => ({
  $and: [
    { workspaceId: { $eq: workspaceId } },
    { id: { $eq: id } },
    ...Object.entries(expected.equal ?? {}).map(([field, wanted]) => ({ [`doc.${field}`]: { $eq: encodeValue(wanted) } })),
    ...Object.entries(expected.below ?? {}).map(([field, bound]) => ({ [`doc.${field}`]: { $lt: bound } })),
  ],
});

const equality = (wanted: Scalar | readonly Scalar[]): Filter => (isList(wanted) ? { $in: wanted } : { $eq: wanted });

const isList = (value: Scalar | readonly Scalar[]): value is readonly Scalar[] => Array.isArray(value);

const rangeFilters = ({ range }: Query): Filter[] => {
  if (!range) return [];
  const path = pathOf(range.field);
  return [...(range.from === undefined ? [] : [{ [path]: { $gte: range.from } }]), ...(range.to === undefined ? [] : [{ [path]: { $lte: range.to } }])];
};

const COMPARISONS = { equal: '$eq', 'not-equal': '$ne', below: '$lt', 'at-most': '$lte', above: '$gt', 'at-least': '$gte' } as const;

const cellFilters = ({ cells }: Query): Filter[] =>
  cells && cells.conditions.length > 0 ? [{ [cells.match === 'all' ? '$and' : '$or']: cells.conditions.map(cellFilter) }] : [];

function cellFilter({ cell, is, value = '' }: CellCondition): Filter {
  const path = pathOf(cellField(cell));
  switch (is) {
    case 'empty':
    case 'filled':
      return { [path]: { $exists: is === 'filled' } };
    case 'contains':
      return { [path]: { $regex: escaped(String(value)), $options: 'i' } };
    case 'starts-with':
      return { [path]: { $regex: `^${escaped(String(value))}` } };
    default:
      return { [path]: { [COMPARISONS[is]]: value } };
  }
}

const pattern = (text: string): string => escaped(text.toLowerCase());

const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    .replaceAll('\0', '\\x00');

/** Matches what comes after a position. Null, stored as absent, comes before everything. */
const afterCursor = (field: string, descending: boolean, cursor: string): Filter => {
  const { value, id } = decodeCursor(cursor);
  const than = descending ? '$lt' : '$gt';
  const path = pathOf(field);
  if (field === 'id') return { id: { [than]: id } };
  const laterTie = { [path]: { $eq: value }, id: { [than]: id } };
  if (value === null) return descending ? laterTie : { $or: [laterTie, { [path]: { $exists: true } }] };
  const beyond = { [path]: { [than]: value } };
  return { $or: descending ? [beyond, laterTie, { [path]: { $eq: null } }] : [beyond, laterTie] };
};
