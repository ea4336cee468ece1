import { setImmediate as othersFirst } from 'node:timers/promises';
import type { createErasure as createContract, Erasure } from '@switchyard/shared/contracts/policies.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { z } from 'zod';
import { type RunRecord, runs } from '../../store/collections.ts';
import { erasures } from '../../store/policy-collections.ts';
import type { Page } from '../../store/port.ts';
import { actorOf } from '../caller.ts';
import { recordChange } from '../changes/record-change.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { removeItemsOfRun } from '../datasets/removed-items.ts';
import { newId } from '../ids.ts';
import { eraseRowsOf } from '../tables/erase-rows.ts';
import { removeFromExperiments, removePayloads } from './remove-payloads.ts';

/** Runs of one request. A customer with more is erased in several. */
const MOST = 10_000;
const PAGE = 100;

type Wanted = z.output<(typeof createContract)['body']>;

/**
 * Removes the payloads of all runs with a label, and the table rows that they wrote last (S66a). The receipt, and the entry of the audit trail, are
 * stored without the label’s value.
 */
export async function createErasure(context: ServiceContext, wanted: Wanted): Promise<Erasure> {
  const { workspaceId, policies, caller } = context;
  const { label, value, dryRun, reason } = wanted;
  const actor = actorOf(caller);
  const id = newId('ers', context.now());
  const receiptOf = (counts: Counts) => ({ id, at: timestamp(context), label, ...counts, actor, reason: reason ?? null });
  if (dryRun) return { ...receiptOf(await erase(context, wanted)), actor: readActor(actor), value, dryRun };
  const valueHash = policies.keyedHash(value);
  // The entry is there before anything is removed. If the erasure is interrupted, it is marked as not applied.
  const intent = {
    workspaceId,
    actor,
    subject: { kind: 'erasure', id },
    action: 'erase',
    before: null,
    after: { label, valueHash },
    reason,
    revision: 1,
  } as const;
  const receipt = await recordChange(context, intent, async () => {
    const made = receiptOf(await erase(context, wanted));
    await context.store.insert(erasures, { ...made, workspaceId, valueHash });
    return made;
  });
  return { ...receipt, actor: readActor(actor), value, dryRun };
}

type Counts = Pick<Erasure, 'runs' | 'removedBefore' | 'rows' | 'open' | 'hasMore'>;

/** Removes everything, or counts it. */
async function erase(context: ServiceContext, { label, value, dryRun }: Wanted): Promise<Counts> {
  const { store, policies } = context;
  const counts = { runs: 0, removedBefore: 0, rows: 0, open: [] as string[], hasMore: false };
  let seen = 0;
  for await (const run of runsWith(context, `${label}:${value}`)) {
    if (seen++ >= MOST) {
      counts.hasMore = true;
      break;
    }
    if (run.labels[label] !== value) continue;
    if (isEnded(run.status)) counts.rows += await eraseRowsOf(store, run.id, { dryRun, at: timestamp(context) });
    if (!isEnded(run.status)) counts.open.push(run.id);
    else if (run.payloadsRemovedAt !== undefined) counts.removedBefore++;
    else if (dryRun || (await removePayloads({ store, secrets: policies.secrets }, run, context.now()))) counts.runs++;
    if (!dryRun && isEnded(run.status)) await removeKept(context, run);
    await othersFirst();
  }
  if (counts.runs + counts.rows > 0) await store.forgetRemoved();
  return counts;
}

/** Removes what outlived the payloads of a run: items that were kept, and what experiments made of them since. */
async function removeKept(context: ServiceContext, run: RunRecord): Promise<void> {
  const { store, policies } = context;
  await removeItemsOfRun(store, run.id, timestamp(context), { alsoKept: true });
  await removeFromExperiments({ store, secrets: policies.secrets }, run, context.now());
}

async function* runsWith({ store }: ServiceContext, label: string): AsyncGenerator<RunRecord> {
  let cursor: string | null = null;
  do {
    const page: Page<RunRecord> = await store.find(runs, {
      where: { labels: label },
      order: { field: 'createdAt', descending: true },
      limit: PAGE,
      aside: true,
      ...(cursor !== null && { cursor }),
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
