import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { Collection, Query, Scalar, StoredRecord } from './port.ts';

/** The fields of a collection named by an index, in declaration order. `id` and `workspaceId` are always known and omitted. */
export const indexedFields = (collection: Pick<Collection, 'indexes'>): string[] => {
  const fields = new Set(collection.indexes.flatMap((index) => [...index.fields, ...(index.whereSet === undefined ? [] : [index.whereSet])]));
  fields.delete('id');
  fields.delete('workspaceId');
  return [...fields];
};

const CELL_NAME = /^[a-z0-9]+$/;
/** What the field of a cell starts with, in queries. */
const CELL = 'cell:';

/** The name of a cell as the field of a query. */
export const cellField = (cell: string): string => `${CELL}${cell}`;

/** The cell that a field of a query names. Undefined for other fields. */
export const cellOf = (field: string): string | undefined => (field.startsWith(CELL) ? field.slice(CELL.length) : undefined);

/** The value of a record that a query orders by. */
export function orderValue(record: StoredRecord, field: string): Scalar {
  const cell = cellOf(field);
  const holder: unknown = cell === undefined ? record : Reflect.get(record, 'cells');
  const name = cell ?? field;
  return isPlainObject(holder) && Object.hasOwn(holder, name) ? ((holder[name] as Scalar | undefined) ?? null) : null;
}

/** A programming error in the use of the store, never caused by user input. */
export const storeMisuse = (collection: Pick<Collection, 'name'>, message: string): AppError =>
  new AppError('internal', `Collection “${collection.name}”: ${message}`);

/** Rejects queries by undeclared fields, and invalid limits. */
export const checkQuery = <T extends StoredRecord>(collection: Collection<T>, known: ReadonlySet<string>, query: Query): void => {
  const filters = Object.keys(query.where ?? {}).filter((field) => !collection.searchIndex?.facets.includes(field));
  checkCells(collection, query);
  const ordered = query.order && cellOf(query.order.field) === undefined ? [query.order.field] : [];
  const used = [...filters, ...(query.range ? [query.range.field] : []), ...ordered];
  const unknown = used.find((field) => field !== 'id' && !known.has(field));
  if (unknown !== undefined) throw storeMisuse(collection, `no index declares the field “${unknown}”, so records cannot be found or ordered by it.`);
  if (query.search !== undefined && collection.searchField === undefined && collection.searchIndex === undefined)
    throw storeMisuse(collection, 'it declares no search field.');
  if (query.limit !== undefined && !(Number.isSafeInteger(query.limit) && query.limit > 0))
    throw storeMisuse(collection, 'the limit must be a whole number above 0.');
};

/** Names of cells become parts of statements, so only plain ones are accepted. */
const checkCells = <T extends StoredRecord>(collection: Collection<T>, { cells, order }: Query): void => {
  const ordered = order && cellOf(order.field);
  const names = [...(cells?.conditions.map(({ cell }) => cell) ?? []), ...(ordered === undefined ? [] : [ordered])];
  if (names.length > 0 && !collection.hasCells) throw storeMisuse(collection, 'it declares no cells.');
  const invalid = names.find((name) => !CELL_NAME.test(name));
  if (invalid !== undefined) throw storeMisuse(collection, `“${invalid}” is not the name of a cell.`);
};

/** Rejects a record of another workspace. */
export const checkWorkspace = (collection: Pick<Collection, 'name'>, workspaceId: string, record: StoredRecord): void => {
  if (record.workspaceId !== workspaceId) throw storeMisuse(collection, `a record of workspace “${record.workspaceId}” was written in “${workspaceId}”.`);
};

/** Rejects changes to a record's identity. */
export const checkChanges = (collection: Pick<Collection, 'name'>, changes: object): void => {
  if (Object.hasOwn(changes, 'id') || Object.hasOwn(changes, 'workspaceId')) throw storeMisuse(collection, 'the ID and workspace of a record never change.');
};

/** Rejects a directory lookup by a field that is not unique across all workspaces. */
export const checkDirectory = <T extends StoredRecord>(collection: Collection<T>, field: string): void => {
  if (!collection.indexes.some(({ everywhere, fields }) => everywhere && fields[0] === field))
    throw storeMisuse(collection, `no index declares the field “${field}” unique across all workspaces.`);
};
