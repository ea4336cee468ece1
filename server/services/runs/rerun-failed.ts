import type { BodyOf, QueryOf, ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { countFailedRuns as countContract, rerunFailedRuns as rerunContract } from '@switchyard/shared/contracts/reruns.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { runs, workflows } from '../../store/collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import type { ChangeRecord } from '../../store/registry-collections.ts';
import { actorOf } from '../caller.ts';
import { recordChange } from '../changes/record-change.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { type CallKey, isKeyTaken } from '../webhooks/call-keys.ts';
import { findRuns } from './list-runs.ts';
import { rerun } from './rerun.ts';

/*
 * Reruns the failed runs of a filter, after an outage. Invariants:
 * 1. A failed run is rerun at most once this way, by any number of requests: its ID is the idempotency key of its rerun.
 * 2. One request starts a bounded number of runs. The caller continues with the cursor, and cancels by not continuing.
 * 3. Each request that starts runs has a record in the audit trail, with their IDs (S68).
 */

type Reply = ReplyOf<typeof rerunContract>;
type Wanted = Omit<BodyOf<typeof rerunContract>, 'limit'> & { readonly limit: number };

const PAGE = 500;
const MOST_COUNTED = 5_000;

const keyNameOf = (runId: string): string => `rerun:${runId}`;
const keyOf = (runId: string): CallKey => ({ name: keyNameOf(runId), bodyHash: '', permanent: true });

/** Counts the failed runs of a filter without a rerun, up to a limit. */
export async function countFailedRuns(context: ServiceContext, filter: QueryOf<typeof countContract>): Promise<ReplyOf<typeof countContract>> {
  const to = filter.to ?? timestamp(context);
  let count = 0;
  let cursor: string | undefined;
  for (let read = 0; read < MOST_COUNTED; read += PAGE) {
    const page = await findRuns(context, { ...filter, to, status: 'failed', limit: PAGE, cursor }, ['id']);
    count += (await withoutRerun(context.store, page.items)).length;
    if (page.nextCursor === null) return { count, more: false, to };
    cursor = page.nextCursor;
  }
  return { count, more: true, to };
}

/** Reruns the next failed runs of a filter. A run that can’t be rerun is reported, and doesn’t stop the others. */
export async function rerunFailedRuns(context: ServiceContext, { cursor, limit, reason, ...filter }: Wanted): Promise<Reply> {
  const page = await findRuns(context, { ...filter, status: 'failed', limit, cursor }, ['id']);
  const open = await withoutRerun(context.store, page.items);
  const next = { done: page.nextCursor === null, nextCursor: page.nextCursor };
  const skipped = page.items.length - open.length;
  if (open.length === 0) return { started: [], skipped, failed: [], ...next };
  const change = {
    workspaceId: context.workspaceId,
    actor: actorOf(context.caller),
    subject: { kind: 'run', id: filter.workflowId ?? 'all' },
    action: 'rerun-failed',
    before: null,
    after: { name: await nameOf(context, filter.workflowId), filter, runs: open.map(({ id }) => id) },
    reason,
    revision: 1,
  } as const;
  const reply = await recordChange(context, change, () => rerunEach(context, open));
  // At capacity, the same page is asked for again: those that were started are skipped.
  const where = reply.retryAfterMs === undefined ? next : { done: false, nextCursor: cursor ?? null };
  return { ...reply, skipped: skipped + reply.skipped, ...where };
}

/** Whose runs they are, for the audit trail. */
async function nameOf({ store }: ServiceContext, workflowId: string | undefined): Promise<string> {
  if (workflowId === undefined) return 'all workflows';
  return (await store.get(workflows, workflowId))?.name ?? workflowId;
}

type Outcome = Omit<Reply, 'done' | 'nextCursor'>;

async function rerunEach(context: ServiceContext, open: readonly { readonly id: string }[]): Promise<Outcome> {
  const started: Reply['started'] = [];
  const failed: Reply['failed'] = [];
  let skipped = 0;
  for (const { id } of open) {
    try {
      started.push({ runId: id, rerunId: (await rerun(context, id, {}, keyOf(id))).id });
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code === 'not-ready') throw thrown;
      if (thrown.code === 'overloaded') return { started, skipped, failed, retryAfterMs: thrown.retryAfterMs ?? 1_000 };
      if (isKeyTaken(thrown)) skipped++;
      else failed.push({ runId: id, code: thrown.code, message: thrown.message });
    }
  }
  return { started, skipped, failed };
}

/** The runs among these that no rerun of this kind repeats. */
async function withoutRerun<T extends { readonly id: string }>(store: WorkspaceStore, found: readonly T[]): Promise<T[]> {
  if (found.length === 0) return [];
  const names = found.map(({ id }) => keyNameOf(id));
  const { items } = await store.find(runs, { where: { idempotencyKey: names }, fields: ['idempotencyKey'], limit: names.length });
  const taken = new Set(items.map(({ idempotencyKey }) => idempotencyKey));
  return found.filter(({ id }) => !taken.has(keyNameOf(id)));
}

/** The revision that an interrupted request reached: 1 if any of its runs was rerun. */
export async function rerunRevision(store: WorkspaceStore, { after }: ChangeRecord): Promise<number | undefined> {
  const ids = isPlainObject(after) && Array.isArray(after.runs) ? after.runs.map((id) => ({ id: String(id) })) : [];
  return (await withoutRerun(store, ids)).length < ids.length ? 1 : undefined;
}
