import { decodeCursor } from '../cursor.ts';
import { storeMisuse } from '../declared-fields.ts';
import type { Query, Scalar } from '../port.ts';
import type { SearchRequest } from './aside/aside-messages.ts';
import { searchStatements } from './find-statement.ts';
import type { Table } from './table.ts';

/** The request to the search index, for a query with text or a facet; undefined for others. */
export function searchRequest(table: Table, workspaceId: string, query: Query, limit: number): SearchRequest | undefined {
  const { collection } = table;
  const { searchIndex } = collection;
  if (!searchIndex) return undefined;
  const where = Object.entries(query.where ?? {});
  const isFacet = (field: string): boolean => searchIndex.facets.includes(field) && !table.fields.has(field);
  const facets = where.filter(([field]) => isFacet(field)).map(([field, wanted]) => [field, wantedValues(wanted)] as const);
  if (facets.length === 0 && !query.search) return undefined;
  if (query.order?.field !== searchIndex.order || !query.order.descending)
    throw storeMisuse(collection, `a search must be in descending order of “${searchIndex.order}”.`);
  const plain = { ...query, where: Object.fromEntries(where.filter(([field]) => !isFacet(field))) };
  const { value } = query.cursor === undefined ? { value: undefined } : decodeCursor(query.cursor);
  const newest = [value, query.range?.field === searchIndex.order ? query.range.to : undefined].filter((text) => typeof text === 'string').sort()[0];
  return {
    table: table.name,
    statements: searchStatements(table, workspaceId, plain, searchIndex.order),
    text: query.search?.toLowerCase() || undefined,
    facets,
    newest,
    limit,
  };
}

const wantedValues = (wanted: Scalar | readonly Scalar[]): string[] => [wanted].flat().map(String);
