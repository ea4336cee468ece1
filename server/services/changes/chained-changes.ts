import { readActor } from '@switchyard/shared/run/actor.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import { type ChangeRecord, changes } from '../../store/registry-collections.ts';
import { type AuditEntry, entryHash } from '../evidence/chain/audit-chain.ts';
import { createTurns } from '../state/turns-by-key.ts';

/** A recorded change as it is hashed. */
export const entryOf = ({ number, id, at, actor, subjectKind, subjectId, action, before, after, reason, revision }: ChangeRecord): AuditEntry => ({
  number: number ?? null,
  id,
  at,
  actor: readActor(actor),
  subject: { kind: subjectKind, id: subjectId },
  action,
  before: before ?? null,
  after: after ?? null,
  reason,
  revision,
});

const turns = new WeakMap<Store, ReturnType<typeof createTurns>>();

/**
 * Adds a change to the end of the chain (S89). The number is unique, so of several processes one adds an entry at a time. Within a process,
 * entries take turns: at once, they would only make each other read the end of the chain again.
 */
export function insertChained(stores: Store, record: ChangeRecord): Promise<ChangeRecord> {
  const { workspaceId } = record;
  const inTurn = turns.get(stores) ?? createTurns();
  turns.set(stores, inTurn);
  return inTurn(workspaceId, () => insertNext(stores.in(workspaceId), record));
}

async function insertNext(store: WorkspaceStore, record: ChangeRecord): Promise<ChangeRecord> {
  for (;;) {
    const { items } = await store.find(changes, { range: { field: 'number', from: 1 }, order: { field: 'number', descending: true }, limit: 1 });
    const number = (items[0]?.number ?? 0) + 1;
    const chained = { ...record, number, hash: entryHash(items[0]?.hash ?? null, entryOf({ ...record, number })) };
    if (await insertIfAbsent(store, changes, chained)) return chained;
  }
}
