import { isAppError } from '@switchyard/shared/errors.ts';
import type { AuthorityLabelRecord, AuthorityRecord } from '../../store/evaluation/authority-collections.ts';
import { authorities, authorityLabels } from '../../store/evaluation/authority-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import type { Workspaces } from '../../store/workspaces.ts';
import { ownTurn } from '../../turns.ts';
import { recordChange } from '../changes/record-change.ts';
import { latest } from '../latest.ts';
import { countLabel, newAuthority } from './count-label.ts';
import { dueNotices, type NoticeParts, sendNotice } from './send-notice.ts';
import { type AuthoritySettings, liveSettings } from './settings.ts';

/*
 * Counts labels and takes groups back to full review (S84). One process does, under a lease. Invariants: 1. A label counts once: a change
 * of the record names the labels it counts, by compare-and-set, and these are no longer pending before the next change. 2. A narrowing is
 * recorded with its figures.
 */

const PASS_MS = 2_000;
const MOST_PENDING = 500;

export interface AuthorityJobParts extends NoticeParts {
  readonly stores: Store;
  readonly workspaces: Workspaces;
  readonly lease: { hold(): Promise<boolean>; release(): Promise<void> };
  readonly report: (problem: string, error: unknown) => void;
}

export function createAuthorityJob(parts: AuthorityJobParts) {
  const { stores, workspaces, lease, report } = parts;
  const stop = new AbortController();
  const pass = async (): Promise<void> => {
    for (const workspaceId of await workspaces()) {
      const store = stores.in(workspaceId);
      const due = await dueNotices(store, parts.now());
      if (due.length > 0 && (await lease.hold())) for (const record of due) await sendNotice(parts, store, record, stop.signal);
      const items = await pendingLabels(store);
      if (items.length === 0 || stop.signal.aborted || !(await lease.hold())) continue;
      for (const label of new Map(items.map((one) => [one.nodeId, one])).values()) {
        await countNode(parts, store, label).catch((error: unknown) => report(`Counting reviews of ${label.nodeId} failed; retrying`, error));
      }
    }
  };
  const passOnce = latest(pass);
  return {
    /** Counts what is pending. */
    work: passOnce,
    start: (): void => {
      const timer = setInterval(() => passOnce().catch((error: unknown) => report('Counting reviews failed; retrying', error)), PASS_MS).unref();
      stop.signal.addEventListener('abort', () => clearInterval(timer));
    },
    stop: async (): Promise<void> => {
      stop.abort();
      await passOnce().catch(() => {});
      await lease.release().catch(() => {});
    },
  };
}

async function pendingLabels(store: WorkspaceStore): Promise<AuthorityLabelRecord[]> {
  return (await store.find(authorityLabels, { range: { field: 'pendingAt', from: '' }, order: { field: 'pendingAt' }, limit: MOST_PENDING })).items;
}

/** What counts while the live version says nothing about the node. */
const DEFAULTS: AuthoritySettings = { mode: 'all', target: 5, floor: 5, matters: [], locked: [], share: 100, hasConfidence: false };

async function countNode(parts: AuthorityJobParts, store: WorkspaceStore, { workspaceId, workflowId, nodeId }: AuthorityLabelRecord): Promise<void> {
  const nodeKey = nodeId.slice(workflowId.length + 1);
  const at = parts.now().toISOString();
  const stored = await store.get(authorities, nodeId);
  if (!stored) await insertIfAbsent(store, authorities, newAuthority({ workspaceId, workflowId, nodeKey }, at));
  let record = stored ?? (await store.get(authorities, nodeId));
  const settings = (await liveSettings(store, workflowId, nodeKey)) ?? DEFAULTS;
  const done = new Set(record?.counted);
  await settle(store, [...done]);
  // Read after the record: what another process counts from here on makes the compare-and-set fail.
  let pending = (await pendingLabels(store)).filter((label) => label.nodeId === nodeId && !done.has(label.id));
  while (record && pending.length > 0) {
    const counted = await countSome(record, pending, settings);
    const changed = await change(parts, store, record, counted, at);
    // The record was changed meanwhile: the next pass counts again.
    if (!changed) return;
    await settle(store, counted.record.counted);
    pending = pending.slice(counted.record.counted.length);
    record = changed;
  }
}

type Counted = ReturnType<typeof countLabel>;

/** Counts labels up to the first narrowing. */
async function countSome(before: AuthorityRecord, labels: readonly AuthorityLabelRecord[], settings: AuthoritySettings): Promise<Counted> {
  let counted: Counted = { record: before };
  const ids: string[] = [];
  for (const label of labels) {
    await ownTurn();
    counted = countLabel(counted.record, label, settings);
    ids.push(label.id);
    if (counted.drift) break;
  }
  return { ...counted, record: { ...counted.record, counted: ids } };
}

async function change({ stores, now }: AuthorityJobParts, store: WorkspaceStore, before: AuthorityRecord, { record, drift }: Counted, at: string) {
  const { id, workspaceId, revision } = before;
  const { groups, rare, confidences, counted, changes } = record;
  const fields = { groups, rare, confidences, counted, changes, revision: revision + 1, updatedAt: at };
  const apply = (more: Partial<AuthorityRecord> = {}) => store.update(authorities, id, { ...fields, ...more }, { equal: { revision } });
  if (!drift) return apply();
  const { actor, group, from, to } = drift;
  const told = { notices: [...before.notices, drift], noticeDueAt: before.noticeDueAt ?? at };
  const said = { workspaceId, actor, subject: { kind: 'authority', id }, action: 'narrow', before: { group, share: from }, revision: revision + 1 } as const;
  const { labels, wrong } = drift;
  return recordChange({ stores, now }, { ...said, after: { group, share: to, labels, wrong } }, () => apply(told)).catch((thrown: unknown) => {
    if (isAppError(thrown, 'revision-conflict')) return undefined;
    throw thrown;
  });
}

/** Marks labels as counted. */
async function settle(store: WorkspaceStore, ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => store.update(authorityLabels, id, { pendingAt: null })));
}
