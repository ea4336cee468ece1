import type { Expected, Mark } from '../../port.ts';
import type { Bindable, Column } from '../columns.ts';
import type { Changes } from './record-update.ts';

/* Writes as data, so the same write can run in this thread or in another one. Each holds copies made when it was requested. */

export interface JournalEntry {
  readonly workspaceId: string;
  readonly runId: string;
  readonly seq: number;
  readonly epoch: number;
  readonly v: number;
  /** The events as JSON. */
  readonly events: string;
  readonly seal: string | null;
}

export interface Insert {
  readonly kind: 'insert';
  readonly table: string;
  readonly workspaceId: string;
  readonly id: string;
  readonly doc: string;
  /** The record hardly changes anymore, so it is stored packed. */
  readonly final: boolean;
  /** One value per column of the table. */
  readonly columns: readonly Bindable[];
  /** The first row of the run's journal. Both are inserted, or neither. */
  readonly head?: JournalEntry | undefined;
}

export interface Update {
  readonly kind: 'update';
  readonly table: string;
  readonly workspaceId: string;
  readonly id: string;
  readonly changes: Changes;
  readonly expected: Expected;
}

/** Clears a column of many records, each if it has this value. */
export interface ClearMarks {
  readonly kind: 'clear-marks';
  readonly table: string;
  readonly workspaceId: string;
  readonly field: string;
  readonly marked: readonly Mark[];
}

export interface Delete {
  readonly kind: 'delete';
  readonly table: string;
  readonly workspaceId: string;
  readonly id: string;
  readonly expected?: Expected;
}

export interface Append {
  readonly kind: 'append';
  readonly entry: JournalEntry;
  /** Made only if the row was written. */
  readonly followUp?: Update | undefined;
}

/** Replaces the events of a row, and its seal. */
export interface Rewrite {
  readonly kind: 'rewrite';
  readonly entry: JournalEntry;
}

/** Deletes the journal of a run. */
export interface DeleteJournal {
  readonly kind: 'delete-journal';
  readonly workspaceId: string;
  readonly runId: string;
}

/** Checks whether the database can be written. */
export interface Probe {
  readonly kind: 'probe';
}

/** Moves the write-ahead log into the file after the commit, and empties it. */
export interface EmptyLog {
  readonly kind: 'empty-log';
}

export type Write = Insert | Update | ClearMarks | Delete | Append | Rewrite | DeleteJournal | Probe | EmptyLog;

/**
 * The new document of an update as JSON (`undefined` if none was made), whether a delete found a record, whether the log could be emptied, and
 * `undefined` otherwise.
 */
export type WriteValue = string | boolean | undefined;

/** An error that can cross threads. `errcode` is SQLite's. */
export interface WriteError {
  readonly message: string;
  readonly errcode?: number | undefined;
}

export type Outcome = { readonly value: WriteValue } | { readonly error: WriteError };

/** What the writes need to know about a table. */
export interface WrittenTable {
  readonly name: string;
  readonly columns: readonly Column[];
  /** A record where this field is set is stored packed. */
  readonly finalWhenSet?: string | undefined;
}

export const toWriteError = (thrown: unknown): WriteError => ({
  message: thrown instanceof Error ? thrown.message : String(thrown),
  errcode: thrown instanceof Error && 'errcode' in thrown ? Number(thrown.errcode) : undefined,
});
