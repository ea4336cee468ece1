import { AppError } from '@switchyard/shared/errors.ts';
import { translateSqliteError, violatedColumns } from '../sqlite-errors.ts';
import type { Table } from '../table.ts';
import type { Write, WriteError } from './write.ts';

/** The error of a write for its caller: `already-exists` with the violated index, `not-ready`, or a programming error. */
export function explainWrite(file: string, tables: ReadonlyMap<string, Table>, write: Write, error: WriteError): unknown {
  const cause = Object.assign(new Error(error.message), error.errcode === undefined ? {} : { errcode: error.errcode });
  const columns = violatedColumns(cause);
  return columns === undefined ? translateSqliteError(cause, file) : violation(tables, write, columns, cause);
}

function violation(tables: ReadonlyMap<string, Table>, write: Write, columns: string, cause: Error): AppError {
  const entry = write.kind === 'append' ? write.entry : write.kind === 'insert' ? write.head : undefined;
  if (entry && columns.startsWith('journal.')) {
    const { seq, runId } = entry;
    return new AppError('already-exists', `Event ${seq} of run ${runId} was written by another driver.`, { details: { index: 'journal' }, cause });
  }
  const { table, id } = targetOf(write);
  const index = tables.get(table)?.uniqueNames.get(columns) ?? columns;
  const field = index === 'id' ? 'ID' : `“${index}”`;
  return new AppError('already-exists', `“${table}” already has a record with the same ${field} as “${id}”.`, { details: { index }, cause });
}

function targetOf(write: Write): { readonly table: string; readonly id: string } {
  if (write.kind === 'append') return write.followUp ?? { table: 'journal', id: write.entry.runId };
  if (write.kind === 'rewrite') return { table: 'journal', id: write.entry.runId };
  if (write.kind === 'delete-journal') return { table: 'journal', id: write.runId };
  if (write.kind === 'clear-marks') return { table: write.table, id: write.field };
  return write.kind === 'probe' || write.kind === 'empty-log' ? { table: '', id: '' } : write;
}
