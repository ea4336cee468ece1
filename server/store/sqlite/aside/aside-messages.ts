import type { SearchIndex } from '../../search-index.ts';
import type { FindStatement, SearchStatements } from '../find-statement.ts';

/** What the thread starts with. */
export interface AsideData {
  /** The database, which it only reads. */
  readonly file: string;
  /** Its own search index. It can be rebuilt from the database. */
  readonly indexFile: string;
  readonly collections: readonly SearchedTable[];
}

export interface SearchedTable {
  readonly table: string;
  readonly spec: SearchIndex;
}

/** A search in a collection with a search index. Its filters are part of the statements. */
export interface SearchRequest {
  readonly table: string;
  readonly statements: SearchStatements;
  readonly text: string | undefined;
  /** Values of facets; a record must have one from each list. */
  readonly facets: readonly (readonly [field: string, values: readonly string[]])[];
  /** The field of the cursor, or the end of the range: nothing newer is needed. */
  readonly newest: string | undefined;
  readonly limit: number;
}

export interface Position {
  readonly value: string;
  readonly id: string;
}

/** Documents as JSON. */
export interface Found {
  readonly docs: readonly string[];
  /** Where to continue; undefined at the end. */
  readonly next?: Position | undefined;
}

export type AsideQuery = { readonly id: number } & ({ readonly find: FindStatement } | { readonly search: SearchRequest });
/** Messages to the thread: a query, or the request to end. */
export type AsideRequest = AsideQuery | { readonly end: true };
export type AsideReply =
  | ({ readonly id: number } & ({ readonly found: Found } | { readonly error: { readonly message: string; readonly errcode?: number | undefined } }))
  /** The index is complete, and no query has arrived for some time. */
  | { readonly idle: true };
