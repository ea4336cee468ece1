import type { RowRequest, RowsResult } from '@switchyard/shared/tables/row-request.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { countRows, findRows, type RowPlace } from '../services/tables/find-rows.ts';
import { rowView } from '../services/tables/row-cells.ts';
import { tableNamed } from '../services/tables/tables.ts';
import type { WriteRows } from '../services/tables/write-rows.ts';
import type { Store, WorkspaceStore } from '../store/port.ts';
import { spaceOf } from './state-port.ts';

/** Rows of the tables in the run’s workspace. Draft runs, and the runs they start, use rows of their own (S75a). */
export const rowsPort =
  (store: Store, writeRows: WriteRows, now: () => number): EnginePorts['rows'] =>
  async (run, { table: name, ...asked }, callId) => {
    const records = store.in(run.workspaceId);
    const place: RowPlace = { table: await tableNamed(records, name), space: await spaceOf(store, run) };
    if (asked.operation === 'find-rows' || asked.operation === 'count-rows') return readRows(records, place, asked);
    return writeRows(records, place, { id: callId, runId: run.runId, change: asked, at: new Date(now()).toISOString() });
  };

type Query = Extract<RowRequest, { operation: 'find-rows' | 'count-rows' }>;

async function readRows(records: WorkspaceStore, place: RowPlace, query: Omit<Query, 'table'>): Promise<RowsResult> {
  const nothing = { row: null, rows: [], more: false, added: false };
  if (query.operation === 'count-rows') return { ...nothing, count: await countRows(records, place, query.filter) };
  const { filter, sort, limit } = query as Extract<Query, { operation: 'find-rows' }>;
  const { items, nextCursor } = await findRows(records, place, { filter, sort, limit });
  const rows = items.map((row) => rowView(place.table, row));
  return { ...nothing, row: rows[0] ?? null, rows, count: rows.length, more: nextCursor !== null };
}
