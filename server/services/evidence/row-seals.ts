import type { Secrets } from '../../secrets/secrets.ts';
import type { JournalRow, NewRow, Store, WorkspaceStore } from '../../store/port.ts';
import { type ChangeRecord, changes } from '../../store/registry-collections.ts';
import { hmacUnder } from './chain/hmac.ts';

/*
 * Seals of journal rows (S89): a keyed hash of each row, made when it is written. It costs a commit little, and only a process with the
 * installation’s key can make it, so the hash chain of a run can be computed later from rows that are known to be unchanged.
 */

/** 128 bits. */
const SEAL_BYTES = 16;

export interface RowSeals {
  seal(workspaceId: string, row: JournalRow, json: string): string;
  /** Of an entry of the audit trail: its hash covers the rest. */
  sealChange(change: Pick<ChangeRecord, 'workspaceId' | 'number' | 'hash'>): string;
  /** Whether this installation wrote the row as it is. */
  isIntact(workspaceId: string, row: JournalRow): boolean;
}

export function createRowSeals(secrets: Pick<Secrets, 'keyedHash'>): RowSeals {
  const hmac = hmacUnder(secrets.keyedHash('journal-row', ''));
  const seal: RowSeals['seal'] = (workspaceId, { runId, seq, epoch, v }, json) =>
    hmac(`${JSON.stringify([workspaceId, runId, seq, epoch, v])}${json}`)
      .subarray(0, SEAL_BYTES)
      .toString('base64url');
  const changeHmac = hmacUnder(secrets.keyedHash('change', ''));
  const sealChange: RowSeals['sealChange'] = ({ workspaceId, number, hash }) =>
    changeHmac(JSON.stringify([workspaceId, number, hash]))
      .subarray(0, SEAL_BYTES)
      .toString('base64url');
  return { seal, sealChange, isIntact: (workspaceId, row) => row.seal === seal(workspaceId, row, JSON.stringify(row.events)) };
}

/** The same store, which seals every row and every entry of the audit trail that it writes. A row that has a seal keeps it. */
export function sealingStore(store: Store, { seal, sealChange }: RowSeals): Store {
  const sealed = (workspaceId: string, row: NewRow): NewRow => {
    const json = row.json ?? JSON.stringify(row.events);
    return { ...row, json, seal: row.seal ?? seal(workspaceId, row, json) };
  };
  const sealing = (workspaceId: string, workspace: WorkspaceStore): WorkspaceStore => ({
    ...workspace,
    insert: (collection, record) =>
      workspace.insert(collection, collection.name === changes.name ? { ...record, seal: sealChange(record as unknown as ChangeRecord) } : record),
    insertRun: (collection, record, head) => workspace.insertRun(collection, record, sealed(workspaceId, head)),
    append: (row, followUp) => workspace.append(sealed(workspaceId, row), followUp),
    rewriteJournal: (row) => workspace.rewriteJournal(sealed(workspaceId, row)),
  });
  const workspaces = new Map<string, WorkspaceStore>();
  return {
    ...store,
    in: (workspaceId) => {
      const known = workspaces.get(workspaceId) ?? sealing(workspaceId, store.in(workspaceId));
      workspaces.set(workspaceId, known);
      return known;
    },
  };
}
