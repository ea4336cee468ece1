import { setImmediate as othersFirst } from 'node:timers/promises';
import type { createErasure as createContract, Erasure } from '@switchyard/shared/contracts/policies.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { z } from 'zod';
import { type RunRecord, runs } from '../../store/collections.ts';
import { erasures } from '../../store/policy-collections.ts';
import type { Page } from '../../store/port.ts';
import { actorOf } from '../caller.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { removeItemsOfRun } from '../datasets/removed-items.ts';
import { newId } from '../ids.ts';
import { eraseRowsOf } from '../tables/erase-rows.ts';
import { removePayloads } from './remove-payloads.ts';

/** Runs of one request. A customer with more is erased in several. */
const MOST = 10_000;
const PAGE = 100;

/** Removes the payloads of all runs with a label, and the table rows that they wrote last (S66a). The receipt is stored without the label’s value. */
export async function createErasure(context: ServiceContext, { label, value, dryRun, reason }: z.output<(typeof createContract)['body']>): Promise<Erasure> {
  const { store, workspaceId, policies, caller } = context;
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
    if (!dryRun && isEnded(run.status)) await removeItemsOfRun(store, run.id, timestamp(context), { alsoKept: true });
    await othersFirst();
  }
  if (counts.runs + counts.rows > 0) await store.forgetRemoved();
  const actor = actorOf(caller);
  const receipt = { id: newId('ers', context.now()), at: timestamp(context), label, ...counts, actor, reason: reason ?? null };
  if (!dryRun) await store.insert(erasures, { ...receipt, workspaceId, valueHash: policies.keyedHash(value) });
  return { ...receipt, actor: readActor(actor), value, dryRun };
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
