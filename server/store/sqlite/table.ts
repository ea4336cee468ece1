import { indexedFields, storeMisuse } from '../declared-fields.ts';
import type { Collection, Scalar, StoredRecord } from '../port.ts';
import { quote } from './quote.ts';

/** The types of values we bind. */
export type Bindable = string | number | null;

/** A column next to the document: the indexable value of one field. */
interface Column {
  readonly name: string;
  readonly field: string;
  read(record: object): Bindable;
}

/** A declared index, as stored in the file. */
export interface TableIndex {
  readonly name: string;
  readonly fields: readonly string[];
  readonly whereSet: string | undefined;
  readonly sql: string;
}

/** How a collection is stored in SQLite: the document as JSON, and a column for each field named by an index or the search. */
export interface Table {
  readonly name: string;
  readonly collection: Collection;
  readonly fields: ReadonlySet<string>;
  readonly columns: readonly Column[];
  readonly indexes: readonly TableIndex[];
  /** Maps violated columns, as SQLite names them, to the declared index. */
  readonly uniqueNames: ReadonlyMap<string, string>;
}

/** The SQL name of a field; `id` has its own column. */
export const columnOf = (field: string): string => (field === 'id' ? 'id' : quote(`f_${field}`));
export const searchColumnOf = (field: string): string => quote(`search_${field}`);

/** Search ignores case in every language, unlike SQLite's own LIKE. */
export const searchable = (text: string): string => text.toLowerCase();

/** The bound value of a scalar: booleans as 0 and 1, absent values as null. */
export const bindable = (value: Scalar | undefined): Bindable => (typeof value === 'boolean' ? Number(value) : (value ?? null));

const fieldOf = (record: object, field: string): unknown => (Object.hasOwn(record, field) ? Reflect.get(record, field) : undefined);

const scalarColumn = (collection: Collection, field: string): Column => ({
  name: `f_${field}`,
  field,
  read: (record) => {
    const value = fieldOf(record, field);
    if (value !== null && (typeof value === 'object' || typeof value === 'function'))
      throw storeMisuse(collection, `the indexed field “${field}” must be a scalar.`);
    return bindable(value as Scalar | undefined);
  },
});

const searchColumn = (field: string): Column => ({
  name: `search_${field}`,
  field,
  read: (record) => {
    const value = fieldOf(record, field);
    return typeof value === 'string' ? searchable(value) : null;
  },
});

/** Derives the table of a collection. */
export const tableOf = <T extends StoredRecord>(declared: Collection<T>): Table => {
  const collection = declared as unknown as Collection;
  const { name, searchField } = collection;
  const fields = indexedFields(collection);
  const columns = [...fields, ...(collection.columns ?? [])].map((field) => scalarColumn(collection, field));
  if (searchField !== undefined) columns.push(searchColumn(searchField));
  const uniqueNames = new Map([[`${name}.workspace_id, ${name}.id`, 'id']]);
  const indexes = collection.indexes.map((index) => {
    const indexName = `${name}__${index.name}`;
    const scope = index.everywhere ? [] : ['workspace_id'];
    if (index.unique) uniqueNames.set([...scope, ...index.fields.map((field) => `f_${field}`)].map((column) => `${name}.${column}`).join(', '), index.name);
    const keys = [...scope, ...index.fields.map(columnOf)].join(', ');
    const condition = index.whereSet === undefined ? '' : ` WHERE ${columnOf(index.whereSet)} IS NOT NULL`;
    return {
      name: indexName,
      fields: index.fields,
      whereSet: index.whereSet,
      sql: `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${quote(indexName)} ON ${quote(name)} (${keys})${condition}`,
    };
  });
  return { name, collection, fields: new Set(fields), columns, indexes, uniqueNames };
};
