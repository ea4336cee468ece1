import { decodeCursor } from '../cursor.ts';
import type { Expected, Query, Scalar } from '../port.ts';
import { encodeValue } from './stored-document.ts';

/*
 * Queries in the database's words. Every value stands behind an operator of ours (`$eq`, `$in`, …), so none is taken for one.
 */

export type Filter = Record<string, unknown>;

/** Where a field lies that an index names. */
export const pathOf = (field: string): string => (field === 'id' ? 'id' : `by.${field}`);

/** What a checked query finds. */
export const findFilter = (workspaceId: string, query: Query): Filter => ({
  $and: [
    { workspaceId: { $eq: workspaceId } },
    ...Object.entries(query.where ?? {}).map(([field, wanted]) => ({ [pathOf(field)]: equality(wanted) })),
    ...rangeFilters(query),
    ...(query.search ? [{ search: { $regex: pattern(query.search) } }] : []),
    ...(query.cursor === undefined ? [] : [afterCursor(query.order?.field ?? 'id', query.order?.descending ?? false, query.cursor)]),
  ],
});

/** The order asked for; ties by id, the same way round. */
export const sortOf = ({ order }: Query): [string, 1 | -1][] => {
  const direction = order?.descending ? -1 : 1;
  return order === undefined || order.field === 'id'
    ? [['id', direction]]
    : [
        [pathOf(order.field), direction],
        ['id', direction],
      ];
};

/** The one record, if it is as the writer believes. Absent and null are the same. */
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

/** Text to search for, all its signs meaning themselves. */
const pattern = (text: string): string =>
  text
    .toLowerCase()
    .toWellFormed()
    .replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    .replaceAll('\0', '\\x00');

/** What comes after a position. Null, kept as absent, comes before everything. */
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
