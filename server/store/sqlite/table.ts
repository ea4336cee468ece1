import { cellOf, indexedFields, storeMisuse } from '../declared-fields.ts';
import type { Collection, StoredRecord } from '../port.ts';
import { type Bindable, type Column, columnValue } from './columns.ts';
import { isFinal } from './commit/perform-writes.ts';
import type { Insert, JournalEntry, WrittenTable } from './commit/write.ts';
import { quote } from './quote.ts';

/** A declared index, as stored in the file. */
export interface TableIndex {
  readonly name: string;
  readonly fields: readonly string[];
  readonly whereSet: string | undefined;
  readonly sql: string;
}

/** How a collection is stored in SQLite: the document as JSON, and a column for each field named by an index or the search. */
export interface Table extends WrittenTable {
  readonly collection: Collection;
  readonly fields: ReadonlySet<string>;
  readonly indexes: readonly TableIndex[];
  /** Maps violated columns, as SQLite names them, to the declared index. */
  readonly uniqueNames: ReadonlyMap<string, string>;
}

/** The SQL name of a field; `id` has its own column. A cell is read from the document. */
export const columnOf = (field: string): string => {
  const cell = cellOf(field);
  if (cell !== undefined) return `json_extract(doc, '$.cells.${cell}')`;
  return field === 'id' ? 'id' : quote(`f_${field}`);
};
export const searchColumnOf = (field: string): string => quote(`search_${field}`);

/** The values of a table's columns for a record. Throws if an indexed field holds an object. */
export const columnValues = ({ columns, collection }: Table, record: object): Bindable[] => columns.map((column) => scalarValue(collection, column, record));

/** The write that inserts a record, with the head of its journal if it has one. Copies the record. */
export const insertInto = (table: Table, record: StoredRecord, head?: JournalEntry): Insert => ({
  kind: 'insert',
  table: table.name,
  workspaceId: record.workspaceId,
  id: record.id,
  doc: JSON.stringify(record),
  final: isFinal(table, record),
  columns: columnValues(table, record),
  head,
});

/** Checks changes before they are written. Throws if an indexed field would hold an object. */
export const checkColumns = ({ columns, collection }: Table, values: Readonly<Record<string, unknown>>): void => {
  for (const column of columns) if (Object.hasOwn(values, column.field)) scalarValue(collection, column, values);
};

const scalarValue = (collection: Collection, column: Column, record: object): Bindable => {
  const value = columnValue(column, record);
  if (value === undefined) throw storeMisuse(collection, `the indexed field “${column.field}” must hold a scalar.`);
  return value;
};

/** Derives the table of a collection. */
export const tableOf = <T extends StoredRecord>(declared: Collection<T>): Table => {
  const collection = declared as unknown as Collection;
  const { name, searchField } = collection;
  const fields = indexedFields(collection);
  const columns = [...fields, ...(collection.columns ?? [])].map((field): Column => ({ name: `f_${field}`, field, kind: 'scalar' }));
  if (searchField !== undefined) columns.push({ name: `search_${searchField}`, field: searchField, kind: 'search' });
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
  return { name, collection, finalWhenSet: collection.finalWhenSet, fields: new Set(fields), columns, indexes, uniqueNames };
};
