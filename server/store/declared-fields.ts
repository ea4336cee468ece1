import { AppError } from '@switchyard/shared/errors.ts';
import type { Collection, Query, StoredRecord } from './port.ts';

/** The fields of a collection that some index names, in the order of their declaration. `id` and `workspaceId` are always known and left out. */
export const indexedFields = (collection: Pick<Collection, 'indexes'>): string[] => {
  const fields = new Set(collection.indexes.flatMap((index) => [...index.fields, ...(index.whereSet === undefined ? [] : [index.whereSet])]));
  fields.delete('id');
  fields.delete('workspaceId');
  return [...fields];
};

/** A mistake of ours in the use of the store; never caused by what a user sent. */
export const storeMisuse = (collection: Pick<Collection, 'name'>, message: string): AppError =>
  new AppError('internal', `Collection ‘${collection.name}’: ${message}`);

/** Refuses a query by fields that the collection does not declare, and limits that make no sense. */
export const checkQuery = <T extends StoredRecord>(collection: Collection<T>, known: ReadonlySet<string>, query: Query): void => {
  const filters = Object.keys(query.where ?? {}).filter((field) => !collection.searchIndex?.facets.includes(field));
  const used = [...filters, ...(query.range ? [query.range.field] : []), ...(query.order ? [query.order.field] : [])];
  const unknown = used.find((field) => field !== 'id' && !known.has(field));
  if (unknown !== undefined) throw storeMisuse(collection, `no index declares the field ‘${unknown}’, so records cannot be found or ordered by it.`);
  if (query.search !== undefined && collection.searchField === undefined && collection.searchIndex === undefined)
    throw storeMisuse(collection, 'it declares no search field.');
  if (query.limit !== undefined && !(Number.isSafeInteger(query.limit) && query.limit > 0)) throw storeMisuse(collection, 'a limit is a whole number above 0.');
};

/** Refuses a record that would end up in another workspace than the one asked. */
export const checkWorkspace = (collection: Pick<Collection, 'name'>, workspaceId: string, record: StoredRecord): void => {
  if (record.workspaceId !== workspaceId) throw storeMisuse(collection, `a record of workspace ‘${record.workspaceId}’ was written in ‘${workspaceId}’.`);
};

/** Refuses changes of what identifies a record. */
export const checkChanges = (collection: Pick<Collection, 'name'>, changes: object): void => {
  if (Object.hasOwn(changes, 'id') || Object.hasOwn(changes, 'workspaceId')) throw storeMisuse(collection, 'id and workspace of a record never change.');
};

/** Refuses a directory look-up by a field that is not unique over all workspaces. */
export const checkDirectory = <T extends StoredRecord>(collection: Collection<T>, field: string): void => {
  if (!collection.indexes.some(({ everywhere, fields }) => everywhere && fields[0] === field))
    throw storeMisuse(collection, `no index declares the field “${field}” unique over all workspaces.`);
};
