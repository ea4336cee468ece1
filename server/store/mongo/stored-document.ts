import { isPlainObject } from '@switchyard/shared/json.ts';
import { indexedFields, storeMisuse } from '../declared-fields.ts';
import type { Collection, Scalar } from '../port.ts';
import { facetValues, searchTextOf } from '../search-index.ts';

/*
 * How a record is stored in MongoDB. `doc` holds its top-level fields: numbers, booleans, and null as they are, everything else as JSON
 * text. So user keys (`a.b`, `$set`, `__proto__`) are never keys of the database, and one field can change without touching the others.
 * `by` holds copies of the indexed fields; a field without a value is omitted, so null is never unique.
 */

type StoredValue = string | number | boolean | null;
/** A list if the field is an object that queries filter by its pairs, and an object for cells. */
type IndexedValue = Scalar | readonly string[] | Cells;
/** Scalars by name. An object is only known to be there. */
type Cells = Readonly<Record<string, Scalar>>;

export interface StoredDocument {
  readonly workspaceId: string;
  readonly id: string;
  /** The schema version it was written under. */
  readonly v: number;
  readonly doc: Record<string, StoredValue>;
  readonly by: Record<string, IndexedValue>;
  /** The search field, or the text of the search index, in lowercase. */
  readonly search?: string;
}

/** An update in MongoDB's terms. */
export interface StoredChange {
  readonly $set: Record<string, IndexedValue>;
  readonly $unset?: Record<string, ''>;
}

/** Converts the records of one collection to documents and back. */
export interface Codec {
  readonly collection: Collection;
  readonly fields: ReadonlySet<string>;
  encode(record: object): Omit<StoredDocument, 'workspaceId' | 'id' | 'v'>;
  /** A change of the excerpt of a search index must come with the other searched fields. */
  change(id: string, changes: object): StoredChange;
}

/** Creates the codec of a collection. */
export const codecOf = (collection: Collection): Codec => {
  const fields = new Set([...indexedFields(collection), ...(collection.searchIndex?.facets ?? [])]);
  return {
    collection,
    fields,
    encode: (record) => {
      const doc = storedFields(collection, record);
      const by = Object.fromEntries(
        copied(collection, fields)
          .map((field) => [field, indexedValue(collection, record, field)] as const)
          .filter(isSet),
      );
      const search = searchText(collection, record);
      return { doc, by, ...(search !== null && { search }) };
    },
    change: (id, changes) => {
      const entries = [...Object.keys(changes).flatMap((field) => changedPaths(collection, fields, changes, field)), ...changedSearch(collection, id, changes)];
      const removed = entries.filter(([, value]) => value === undefined).map(([path]) => [path, ''] as const);
      return {
        $set: Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<string, IndexedValue>,
        ...(removed.length > 0 && { $unset: Object.fromEntries(removed) }),
      };
    },
  };
};

/** The record in a document, as it was inserted. */
export const decode = <T>(doc: Readonly<Record<string, unknown>>): T => {
  const entries = Object.entries(doc).map(([field, value]) => [field, typeof value === 'string' ? JSON.parse(value) : value] as const);
  return Object.fromEntries(entries) as T;
};

/** A top-level value as stored; undefined if JSON can't represent it. */
export const encodeValue = (value: unknown): StoredValue | undefined => {
  if (typeof value === 'boolean' || value === null) return value;
  // As in JSON: no negative zero, and nothing infinite.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  return JSON.stringify(value);
};

const storedFields = (collection: Collection, record: object): Record<string, StoredValue> => {
  const entries: [string, StoredValue][] = [];
  for (const [field, value] of Object.entries(record)) {
    assertFieldName(collection, field);
    const stored = encodeValue(value);
    if (stored !== undefined) entries.push([field, stored]);
  }
  return Object.fromEntries(entries);
};

const changedPaths = (collection: Collection, fields: ReadonlySet<string>, changes: object, field: string): [string, IndexedValue | undefined][] => {
  assertFieldName(collection, field);
  const paths: [string, IndexedValue | undefined][] = [[`doc.${field}`, encodeValue(Reflect.get(changes, field))]];
  if (fields.has(field) || isCells(collection, field)) paths.push([`by.${field}`, indexedValue(collection, changes, field) ?? undefined]);
  if (collection.searchField === field) paths.push(['search', searchText(collection, changes) ?? undefined]);
  return paths;
};

/** The text of a search index, if the excerpt in it changes. The other fields in it never change. */
const changedSearch = (collection: Collection, id: string, changes: object): [string, string][] => {
  const { searchIndex } = collection;
  if (!searchIndex || !Object.hasOwn(changes, searchIndex.excerpt.path[0] ?? '')) return [];
  const missing = searchIndex.words.find((field) => field !== 'id' && !Object.hasOwn(changes, field));
  if (missing !== undefined) throw storeMisuse(collection, `a change of its excerpt must come with the field “${missing}”.`);
  return [['search', searchTextOf(searchIndex, { ...changes, id })]];
};

const isCells = ({ hasCells }: Collection, field: string): boolean => hasCells === true && field === 'cells';

/** The fields that are copied: those of indexes, and the cells. */
const copied = (collection: Collection, fields: ReadonlySet<string>): string[] => [...fields, ...(collection.hasCells ? ['cells'] : [])];

const indexedValue = (collection: Collection, record: object, field: string): IndexedValue => {
  const value: unknown = Object.hasOwn(record, field) ? Reflect.get(record, field) : null;
  if (isCells(collection, field) && isPlainObject(value)) return cellsOf(value);
  if (typeof value === 'object' && value !== null && collection.searchIndex?.facets.includes(field)) return facetValues(record, field);
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  throw storeMisuse(collection, `the indexed field “${field}” must be a scalar.`);
};

const cellsOf = (cells: Record<string, unknown>): Cells =>
  Object.fromEntries(
    Object.entries(cells).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[name, typeof value === 'object' ? true : (value as Scalar)]],
    ),
  );

const isSet = (entry: readonly [string, IndexedValue]): boolean => entry[1] !== null;

const searchText = ({ searchField, searchIndex }: Collection, record: object): string | null => {
  if (searchIndex) return searchTextOf(searchIndex, record);
  const value: unknown = searchField !== undefined && Object.hasOwn(record, searchField) ? Reflect.get(record, searchField) : null;
  return typeof value === 'string' ? value.toLowerCase() : null;
};

/** Top-level field names come from our schemas, so none can be a path or an operator. */
const assertFieldName = (collection: Collection, field: string): void => {
  if (field === '' || field.startsWith('$') || /[.\0]/.test(field)) throw storeMisuse(collection, `a record cannot have a field named “${field}”.`);
};
