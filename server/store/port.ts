import type { RunEvent } from '@switchyard/shared/run/events.ts';
import type { z } from 'zod';
import type { SearchIndex } from './search-index.ts';

/*
 * The storage port. Owns: what a store guarantees. Does not own: which records exist (collections.ts).
 * Invariants: 1. A promise resolves only after its write is on disk. 2. No write touches two documents. 3. Every record belongs to a
 * workspace and is reached only through `in(workspaceId)`; `workspaceOf` finds the workspace. 4. Filters are scalars by declared fields; no
 * operator comes from outside. 5. Writes of one tick may be batched; each fails independently.
 */

/** Every record has these. */
export interface StoredRecord {
  readonly id: string;
  readonly workspaceId: string;
}

export type Scalar = string | number | boolean | null;

export interface Index {
  readonly name: string;
  /** Top-level fields that hold scalars. `workspaceId` is added as the first one automatically. */
  readonly fields: readonly string[];
  readonly unique?: boolean;
  /** Unique across all workspaces, so the value leads to its workspace (`workspaceOf`). Has one field, without `workspaceId`. */
  readonly everywhere?: boolean;
  /** A partial index: only records whose field is neither null nor absent. */
  readonly whereSet?: string;
}

/** Declares a kind of record once, for every store. */
export interface Collection<T extends StoredRecord = StoredRecord> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly indexes: readonly Index[];
  /** Its records may contain the head of a journal (`insertRun`). */
  readonly holdsJournal?: boolean;
  /** A text field to search (substring, case-insensitive). */
  readonly searchField?: string;
  /** Fields that are read from many records at once (`Query.fields`): a store keeps them next to the record. */
  readonly columns?: readonly string[];
  /** A record where this field is set hardly changes anymore, so a store may keep it in less space. */
  readonly finalWhenSet?: string;
  /** For collections of any size: what is searched, and filtered without its own index. */
  readonly searchIndex?: SearchIndex;
  /** Its field `cells` has an object of values by name (`[a-z0-9]+`). Queries may filter and order by its scalars without an index. */
  readonly hasCells?: true;
}

export const CELL_TESTS = ['equal', 'not-equal', 'below', 'at-most', 'above', 'at-least', 'contains', 'starts-with', 'empty', 'filled'] as const;

/**
 * What a query requires of a cell. Text is ordered by code point; `contains` ignores case. An empty cell is none of the others but
 * `not-equal`. An object counts only as filled.
 */
export interface CellCondition {
  readonly cell: string;
  readonly is: (typeof CELL_TESTS)[number];
  readonly value?: string | number | boolean;
}

export interface Query {
  /** Equal to a scalar, or to one of several. The fields must be at the start of an index or contained in it. */
  readonly where?: Readonly<Record<string, Scalar | readonly Scalar[]>>;
  /** A range of one field. `from` and `to` are inclusive. */
  readonly range?: { readonly field: string; readonly from?: string | number; readonly to?: string | number };
  /** Conditions on cells. They are checked one record after the other, so use them with `where`, and `aside`. */
  readonly cells?: { readonly match: 'all' | 'any'; readonly conditions: readonly CellCondition[] };
  /** A substring of the collection's search field, or of the text of its search index. A page may then be short even if there are more. */
  readonly search?: string;
  /** For pages and reports: work of any length runs off the event loop, so webhooks don't wait for it. */
  readonly aside?: boolean;
  /** Only these top-level fields are needed. A store may return more. */
  readonly fields?: readonly string[];
  /** An indexed field, or a cell (`cellField`); ties are ordered by ID. Default: ID, ascending. */
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
  /** Proves who wrote the row (S89). Kept as it is given; missing in rows of earlier versions. */
  readonly seal?: string;
}

/** A row to write. `json`: its events as JSON, if the caller has that already. */
export interface NewRow extends JournalRow {
  readonly json?: string;
}

/** What an update requires of the current record. */
export interface Expected {
  readonly equal?: Readonly<Record<string, Scalar>>;
  /** The field is a number below this. */
  readonly below?: Readonly<Record<string, number>>;
}

export interface RecordUpdate<T extends StoredRecord> {
  readonly collection: Collection<T>;
  readonly id: string;
  readonly changes: Partial<T>;
  readonly expected?: Expected;
}

/** The value that a query found in the marked field of a record. */
export interface Mark {
  readonly id: string;
  readonly value: string;
}

export interface WorkspaceStore {
  /** Throws AppError `already-exists` (details: `{index}`) if the ID or a unique value is taken. */
  insert<T extends StoredRecord>(collection: Collection<T>, record: T): Promise<void>;
  /**
   * Inserts the record of a new run with the first row of its journal: both or neither. The row is not part of the record; `readJournal`
   * returns it. Throws as `insert` does.
   */
  insertRun<T extends StoredRecord>(collection: Collection<T>, record: T, head: NewRow): Promise<void>;
  get<T extends StoredRecord>(collection: Collection<T>, id: string): Promise<T | undefined>;
  find<T extends StoredRecord>(collection: Collection<T>, query?: Query): Promise<Page<T>>;
  /** Counts the records of a query, up to `atMost`. */
  count<T extends StoredRecord>(collection: Collection<T>, query: Pick<Query, 'where' | 'range' | 'cells' | 'aside'>, atMost: number): Promise<number>;
  /**
   * Compare and set: replaces the top-level fields in `changes` (undefined removes one) if every field of `expected` is equal now. Returns
   * the new record, or undefined if it is missing or differs.
   */
  update<T extends StoredRecord>(collection: Collection<T>, id: string, changes: Partial<T>, expected?: Expected): Promise<T | undefined>;
  /**
   * Clears marks: queries no longer find these records by `field`, which has its own index, unless it has another value by now. A mark that is
   * set again needs a value that no record had before. `get` may still show a cleared mark, and opening the store with another version may set
   * it again. Costs little for many records.
   */
  clearMarks<T extends StoredRecord>(collection: Collection<T>, field: string, marked: readonly Mark[]): Promise<void>;
  /** Returns whether there was a record to delete, and it was as `expected`. */
  delete<T extends StoredRecord>(collection: Collection<T>, id: string, expected?: Expected): Promise<boolean>;
  /**
   * Throws AppError `already-exists` if (runId, seq) is taken: another driver has the run. `followUp` is an update that is made only if the
   * row was written: together with it if the store can, otherwise right after it, so a crash in between may omit it.
   */
  append<T extends StoredRecord>(row: NewRow, followUp?: RecordUpdate<T>): Promise<void>;
  /** Rows with events from `fromSeq` on (default 1), in order. The first one may start before it. */
  readJournal(runId: string, fromSeq?: number, limit?: number): Promise<JournalRow[]>;
  /** Replaces the events of an existing row, and its seal, to remove payloads (S66a). Its run has ended, so no driver reads or writes it. */
  rewriteJournal(row: NewRow): Promise<void>;
  /** Deletes all rows of a run that has ended. */
  deleteJournal(runId: string): Promise<void>;
  /**
   * After values were removed: overwrites what the store’s own files still have of them. Resolves when that is done, or when a reader of
   * an earlier state has prevented it for a while; a later call does it then. Does nothing where a store has no such files.
   */
  forgetRemoved(): Promise<void>;
}

/** A read-only workspace. */
export type WorkspaceReader = Pick<WorkspaceStore, 'get' | 'find' | 'readJournal'>;

/** A read-only store. A server may be writing to it. */
export interface StoreReader {
  in(workspaceId: string): WorkspaceReader;
  close(): Promise<void>;
}

/** About how much a collection, or the journal, takes without its indexes. */
export interface StorePart {
  readonly name: string;
  readonly bytes: number;
}

/** A row of the journal, chosen at random. */
export interface JournalSample {
  readonly runId: string;
  readonly bytes: number;
  /** As JSON. */
  readonly events: string;
}

/** What a store takes on the disk, estimated at a bounded cost. */
export interface StoreUsage {
  /** With indexes, and space that is free. */
  readonly bytes: number;
  /** Free within its files: used again before they grow. */
  readonly freeBytes: number;
  /** Free on the disk. Null if unknown. */
  readonly diskFreeBytes: number | null;
  readonly parts: readonly StorePart[];
  readonly journal: readonly JournalSample[];
}

export interface Store {
  in(workspaceId: string): WorkspaceStore;
  /** The directory: the workspace of the record with this value in a field of an `everywhere` index. */
  workspaceOf<T extends StoredRecord>(collection: Collection<T>, field: string, value: string): Promise<string | undefined>;
  /** Resolves if the store responds; rejects with AppError `not-ready` and the reason. */
  ready(): Promise<void>;
  /** What all workspaces take on the disk. */
  usage(): Promise<StoreUsage>;
  close(): Promise<void>;
}
