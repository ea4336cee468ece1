import type { SearchIndex } from '../search-index.ts';
import type { FindStatement, SearchStatements } from './find-statement.ts';

/** What the thread is started with. */
export interface AsideData {
  /** The database, which it only reads. */
  readonly file: string;
  /** Its own: the search index. It can be made again from the database. */
  readonly indexFile: string;
  readonly collections: readonly SearchedTable[];
}

export interface SearchedTable {
  readonly table: string;
  readonly spec: SearchIndex;
}

/** A search in the collection of a search index. Its filters are part of the statements. */
export interface SearchRequest {
  readonly table: string;
  readonly statements: SearchStatements;
  readonly text: string | undefined;
  /** Values of facets; a record must have one of each list. */
  readonly facets: readonly (readonly [field: string, values: readonly string[]])[];
  /** The field of the cursor or the end of the span: nothing newer is wanted. */
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

export type AsideRequest = { readonly id: number } & ({ readonly find: FindStatement } | { readonly search: SearchRequest });
export type AsideReply = { readonly id: number } & (
  | { readonly found: Found }
  | { readonly error: { readonly message: string; readonly errcode?: number | undefined } }
);
