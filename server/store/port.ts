import type { RunEvent } from '@switchyard/shared/run/events.ts';
import type { z } from 'zod';
import type { SearchIndex } from './search-index.ts';

/*
 * The storage port. Owns: what a store promises. Does not own: which records there are (collections.ts).
 * Invariants: 1. A promise resolves only after its write is on disk. 2. No write touches two documents at once. 3. Every record
 * belongs to a workspace and is reached only through `in(workspaceId)`; `workspaceOf` tells which. 4. Filters are scalars by field names that were
 * declared; no operator comes from outside. 5. Writes of one tick may go as one batch; each fails alone.
 */

/** Every record has these. */
export interface StoredRecord {
  readonly id: string;
  readonly workspaceId: string;
}

export type Scalar = string | number | boolean | null;

export interface Index {
  readonly name: string;
  /** `workspaceId` comes first automatically. Top-level fields that hold scalars. */
  readonly fields: readonly string[];
  readonly unique?: boolean;
  /** Unique over all workspaces, so the value leads to its workspace (`workspaceOf`). Has one field, without `workspaceId`. */
  readonly everywhere?: boolean;
  /** A partial index: only records where this field is not null or absent. */
  readonly whereSet?: string;
}

/** Declares a kind of record once, for every store. */
export interface Collection<T extends StoredRecord = StoredRecord> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly indexes: readonly Index[];
  /** Its records may hold the head of a journal (`insertRun`). */
  readonly holdsJournal?: boolean;
  /** A field with text to search in (substring, case-insensitive). */
  readonly searchField?: string;
  /** Fields that are read of many records at once (`Query.fields`): a store keeps them beside the record. */
  readonly columns?: readonly string[];
  /** Whether a record will hardly change any more and may be kept in less space. */
  readonly isFinal?: (record: object) => boolean;
  /** For collections of any size: what is searched, and filtered by without an index of its own. */
  readonly searchIndex?: SearchIndex;
}

export interface Query {
  /** Equal to a scalar, or to one of several; by fields that some index begins with or contains. */
  readonly where?: Readonly<Record<string, Scalar | readonly Scalar[]>>;
  /** A span of one field: `from` and `to` are inclusive. */
  readonly range?: { readonly field: string; readonly from?: string | number; readonly to?: string | number };
  /** Substring of the collection's search field, or of the text of its search index. A page may then be short though there are more. */
  readonly search?: string;
  /** The caller is a page or a report: work of any length runs beside the event loop, and webhooks do not wait for it. */
  readonly aside?: boolean;
  /** Only these top-level fields are needed. A store may return more. */
  readonly fields?: readonly string[];
  /** An indexed field; ties are broken by id. Default: id, ascending. */
  readonly order?: { readonly field: string; readonly descending?: boolean };
  readonly limit?: number;
  readonly cursor?: string;
}

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

/** One append: one row. Its events have the numbers seq, seq + 1, … (S15). */
export interface JournalRow {
  readonly runId: string;
  readonly seq: number;
  readonly epoch: number;
  readonly v: number;
  readonly events: readonly RunEvent[];
}

/** What an update must find to be made. */
export interface Expected {
  readonly equal?: Readonly<Record<string, Scalar>>;
  /** The field is a number less than this. */
  readonly below?: Readonly<Record<string, number>>;
}

export interface RecordUpdate<T extends StoredRecord> {
  readonly collection: Collection<T>;
  readonly id: string;
  readonly changes: Partial<T>;
  readonly expected?: Expected;
}

export interface WorkspaceStore {
  /** Throws AppError `already-exists` (details: `{index}`) when the id or a unique index has it. */
  insert<T extends StoredRecord>(collection: Collection<T>, record: T): Promise<void>;
  /**
   * Inserts the record of a new run with the first row of its journal: both or neither. The row is not part of the record, and is read
   * with `readJournal`. Throws as `insert` does.
   */
  insertRun<T extends StoredRecord>(collection: Collection<T>, record: T, head: JournalRow): Promise<void>;
  get<T extends StoredRecord>(collection: Collection<T>, id: string): Promise<T | undefined>;
  find<T extends StoredRecord>(collection: Collection<T>, query?: Query): Promise<Page<T>>;
  /**
   * Compare and set: replaces the top-level fields in `changes` (undefined removes one) if every field of `expected` is equal now.
   * Answers the new record; undefined when there is none or it differs.
   */
  update<T extends StoredRecord>(collection: Collection<T>, id: string, changes: Partial<T>, expected?: Expected): Promise<T | undefined>;
  delete<T extends StoredRecord>(collection: Collection<T>, id: string): Promise<boolean>;
  /**
   * Throws AppError `already-exists` when (runId, seq) is taken: somebody else drives the run. `followUp` is an update that is made
   * only if the row was written: with it where the store can, else right after it, so that a crash in between may leave it out.
   */
  append<T extends StoredRecord>(row: JournalRow, followUp?: RecordUpdate<T>): Promise<void>;
  /** Rows that hold events from `fromSeq` on (default 1), in order. The first one may begin before it. */
  readJournal(runId: string, fromSeq?: number, limit?: number): Promise<JournalRow[]>;
}

export interface Store {
  in(workspaceId: string): WorkspaceStore;
  /** The directory: the workspace of the record with this value in a field of an `everywhere` index. */
  workspaceOf<T extends StoredRecord>(collection: Collection<T>, field: string, value: string): Promise<string | undefined>;
  /** Resolves when the store answers; rejects with AppError `not-ready` and the reason. */
  ready(): Promise<void>;
  close(): Promise<void>;
}
