import type { clearState as clearContract, listState as listContract, StateEntry } from '@switchyard/shared/contracts/state/stored-values.ts';
import { packFiles, unpackFiles } from '@switchyard/shared/files/packed-files.ts';
import { MOST_STATE_KEYS, type StateChange, type StateSpace } from '@switchyard/shared/run/state-change.ts';
import type { z } from 'zod';
import { type StateEntryRecord, stateEntries } from '../../store/state/state-collections.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId } from '../ids.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { placeOf, SEEN_TABLE, type StatePlace, type WriteState } from './write-state.ts';

/* Stored state for people: listed, changed, and cleared. A person’s change is made like that of a run (S75). */

type ListQuery = z.output<(typeof listContract)['query']>;

/** Sorts after every character of a key. */
const LAST = '\u{10ffff}';
const CLEARED_AT_ONCE = 200;

export async function listState(context: ServiceContext, workflowId: string, { space, prefix, limit, cursor }: ListQuery) {
  await getWorkflowRecord(context, workflowId);
  const inTable = (table: string) => ({ where: { place: placeOf({ workflowId, space, table }), deletedAt: null } });
  const { items, nextCursor } = await context.store.find(stateEntries, {
    ...inTable(''),
    ...(prefix !== '' && { range: { field: 'key', from: prefix, to: prefix + LAST } }),
    order: { field: 'key' },
    limit,
    ...(cursor !== undefined && { cursor }),
  });
  const keys = await context.store.count(stateEntries, inTable(''), MOST_STATE_KEYS);
  const seen = await context.store.count(stateEntries, inTable(SEEN_TABLE), MOST_STATE_KEYS);
  return { items: items.map(entryView), nextCursor, keys, seen };
}

const entryView = ({ key, value, updatedAt, runId }: Pick<StateEntryRecord, 'key' | 'value' | 'updatedAt' | 'runId'>): StateEntry => ({
  key,
  value: unpackFiles(value),
  updatedAt,
  runId,
});

type Named = { readonly space: StateSpace; readonly key: string };

export async function putState(context: ServiceContext, writeState: WriteState, workflowId: string, { value, ...named }: Named & { readonly value?: unknown }) {
  const at = timestamp(context);
  await change(context, writeState, workflowId, named, { operation: 'set', value: packFiles(value ?? null) }, at);
  return entryView({ key: named.key, value: packFiles(value ?? null), updatedAt: at, runId: null });
}

export async function deleteState(context: ServiceContext, writeState: WriteState, workflowId: string, named: Named) {
  const { found } = await change(context, writeState, workflowId, named, { operation: 'delete' }, timestamp(context));
  return { deleted: found };
}

async function change(context: ServiceContext, writeState: WriteState, workflowId: string, named: Named, asked: StateChange, at: string) {
  await getWorkflowRecord(context, workflowId);
  const place: StatePlace = { workspaceId: context.workspaceId, workflowId, table: '', ...named };
  return writeState(context.store, place, { id: newId('change', context.now()), runId: null, change: asked, at });
}

/** Deletes all entries of a space. A run that writes meanwhile may leave its own. */
export async function clearState({ store, ...context }: ServiceContext, workflowId: string, { space }: z.output<(typeof clearContract)['body']>) {
  await getWorkflowRecord({ store, ...context }, workflowId);
  let deleted = 0;
  let cursor: string | null = null;
  do {
    const page: { items: StateEntryRecord[]; nextCursor: string | null } = await store.find(stateEntries, {
      where: { workflowId, space },
      limit: CLEARED_AT_ONCE,
      ...(cursor !== null && { cursor }),
    });
    const gone = await Promise.all(page.items.map(({ id }) => store.delete(stateEntries, id)));
    deleted += page.items.filter(({ deletedAt }, index) => gone[index] && deletedAt === null).length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { deleted };
}
