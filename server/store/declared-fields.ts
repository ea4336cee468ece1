import { AppError } from '@switchyard/shared/errors.ts';
import type { Collection, Query, StoredRecord } from './port.ts';

/** The fields of a collection named by an index, in declaration order. `id` and `workspaceId` are always known and omitted. */
export const indexedFields = (collection: Pick<Collection, 'indexes'>): string[] => {
  const fields = new Set(collection.indexes.flatMap((index) => [...index.fields, ...(index.whereSet === undefined ? [] : [index.whereSet])]));
  fields.delete('id');
  fields.delete('workspaceId');
  return [...fields];
};

/** A programming error in the use of the store, never caused by user input. */
export const storeMisuse = (collection: Pick<Collection, 'name'>, message: string): AppError =>
  new AppError('internal', `Collection “${collection.name}”: ${message}`);

/** Rejects queries by undeclared fields, and invalid limits. */
export const checkQuery = <T extends StoredRecord>(collection: Collection<T>, known: ReadonlySet<string>, query: Query): void => {
  const filters = Object.keys(query.where ?? {}).filter((field) => !collection.searchIndex?.facets.includes(field));
  const used = [...filters, ...(query.range ? [query.range.field] : []), ...(query.order ? [query.order.field] : [])];
  const unknown = used.find((field) => field !== 'id' && !known.has(field));
  if (unknown !== undefined) throw storeMisuse(collection, `no index declares the field “${unknown}”, so records cannot be found or ordered by it.`);
  if (query.search !== undefined && collection.searchField === undefined && collection.searchIndex === undefined)
    throw storeMisuse(collection, 'it declares no search field.');
  if (query.limit !== undefined && !(Number.isSafeInteger(query.limit) && query.limit > 0))
    throw storeMisuse(collection, 'the limit must be a whole number above 0.');
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
