import { reviews, type SignalRecord, settings, signals } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { Page, WorkspaceStore } from '../../store/port.ts';
import { openValue, sealOf } from '../policies/run-seal.ts';
import { getRunRecord } from '../runs/get-run.ts';
import { type MarkingParts, markDone } from './decide-review.ts';
import { getReviewRecord } from './reviews.ts';

/*
 * Completes decisions whose process ended between the signal, which decides, and the corrections (S85). The run continues either way, so only
 * this notices. Everything it writes has an ID of the review, so it never does anything twice.
 */

/** Until when decisions were looked at. */
const LOOKED = 'decisions-to';
/** Looked at again: signals are written by clocks that differ by less. */
const AGAIN_MS = 3_600_000;
/** Of the first look. */
const FIRST_MS = 7 * 86_400_000;
const PAGE = 200;

/** Completes the decisions since the last look. Ends early on `stop`. Those that can’t be completed are reported and left. */
export async function completeDecisions(
  parts: MarkingParts,
  { stop, report }: { readonly stop: AbortSignal; readonly report: (problem: string, error: unknown) => void },
): Promise<void> {
  const { store, workspaceId } = parts;
  const now = parts.now().getTime();
  const looked = (await store.get(settings, LOOKED))?.value;
  const from = typeof looked === 'string' ? looked : new Date(now - FIRST_MS).toISOString();
  for await (const signal of decisionsSince(store, from)) {
    if (stop.aborted) return;
    await complete(parts, signal).catch((error: unknown) => {
      stop.throwIfAborted();
      report(`Completing the decision ${signal.id} failed`, error);
    });
  }
  const value = new Date(now - AGAIN_MS).toISOString();
  if (!(await store.update(settings, LOOKED, { value }))) await insertIfAbsent(store, settings, { id: LOOKED, workspaceId, value });
}

async function* decisionsSince(store: WorkspaceStore, from: string): AsyncGenerator<SignalRecord> {
  for (const moved of [0, 1]) {
    let cursor: string | null = null;
    do {
      const page: Page<SignalRecord> = await store.find(signals, {
        where: { moved },
        range: { field: 'at', from },
        order: { field: 'at' },
        limit: PAGE,
        aside: true,
        ...(cursor !== null && { cursor }),
      });
      for (const signal of page.items) if (signal.kind === 'decision') yield signal;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
}

async function complete(parts: MarkingParts, signal: SignalRecord): Promise<void> {
  const { store, policies } = parts;
  const { items } = await store.find(reviews, { where: { runId: signal.runId }, limit: PAGE });
  const review = items.find(({ waitId }) => waitId === signal.waitId);
  // Marking it is the last step.
  if (!review || review.status === 'done') return;
  // Nothing is left that could be compared.
  if ((await getRunRecord(parts, signal.runId)).payloadsRemovedAt !== undefined) return;
  const seal = await sealOf(store, policies.secrets, signal.runId);
  await markDone(parts, await getReviewRecord(parts, review.id), { ...signal, value: openValue(seal, signal.value) });
}
