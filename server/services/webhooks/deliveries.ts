import type { Delivery } from '@switchyard/shared/contracts/webhooks.ts';
import { toAppError } from '@switchyard/shared/errors.ts';
import type { Log } from '../../log.ts';
import { type DeliveryPageRecord, deliveryPages } from '../../store/collections.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import { newId } from '../ids.ts';
import { countRequests, forgetOldDays } from './webhook-days.ts';

/*
 * The recent requests of webhooks. Owns which facts are kept, and how long: the last 1,000 of a workflow, 7 days.
 * Invariants: 1. No request waits for it: requests are noted in memory and written in batches, once a second. 2. A crash loses at most
 * the last second of rejected requests. Accepted ones have runs, and the list is completed from them.
 */

export const MOST_DELIVERIES = 1_000;
const PAGE = 200;
const FLUSH_MS = 1_000;
export const DELIVERIES_KEPT_MS = 7 * 86_400_000;

export type Deliveries = ReturnType<typeof createDeliveries>;

interface Parts {
  readonly stores: Store;
  readonly log: Pick<Log, 'warn'>;
}

/** Requests of one webhook that are not written yet. */
interface UnwrittenCalls {
  readonly workspaceId: string;
  readonly calls: Delivery[];
}

export function createDeliveries({ stores, log }: Parts) {
  let noted = new Map<string, UnwrittenCalls>();
  let writing: Promise<void> = Promise.resolve();
  let beingWritten = new Map<string, UnwrittenCalls>();
  let timer: NodeJS.Timeout | undefined;
  // One random ID for all requests of this process, plus a counter: an ID for each would cost more than the rest of this file.
  const idPrefix = newId('dlv', new Date());
  let count = 0;

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(async () => {
      beingWritten = noted;
      noted = new Map();
      for (const [workflowId, { workspaceId, calls }] of beingWritten) {
        await write(stores.in(workspaceId), workspaceId, workflowId, calls).catch((error: unknown) => {
          log.warn({ workflowId, code: toAppError(error).code, calls: calls.length }, 'Writing webhook requests failed');
        });
        beingWritten.delete(workflowId);
      }
    });
    return writing;
  };

  return {
    /** Notes an answered request. */
    note: (workspaceId: string, workflowId: string, delivery: Omit<Delivery, 'id'>): void => {
      const calls = noted.get(workflowId)?.calls ?? [];
      noted.set(workflowId, { workspaceId, calls });
      calls.push({ id: `${idPrefix}_${(++count).toString(36)}`, ...delivery });
      if (calls.length >= 2 * MOST_DELIVERIES) calls.splice(0, calls.length - MOST_DELIVERIES);
      timer ??= setTimeout(flush, FLUSH_MS).unref();
    },
    /** All stored requests of a workflow, oldest first, including those not written yet. */
    all: async (workspaceId: string, workflowId: string): Promise<Delivery[]> => {
      const unwritten = [...(beingWritten.get(workflowId)?.calls ?? []), ...(noted.get(workflowId)?.calls ?? [])];
      const pages = await pagesOf(stores.in(workspaceId), workflowId);
      const known = new Map([...pages.flatMap(({ calls }) => calls), ...unwritten].map((call) => [call.id, call]));
      return [...known.values()].slice(-MOST_DELIVERIES);
    },
    /** Writes the noted requests. */
    flush,
    /** Deletes requests older than 7 days. */
    forgetOld: async (workspaceId: string, now: Date): Promise<void> => {
      const store = stores.in(workspaceId);
      await forgetOldDays(store, now);
      const to = new Date(now.getTime() - DELIVERIES_KEPT_MS).toISOString();
      for (;;) {
        const { items } = await store.find(deliveryPages, { range: { field: 'at', to }, order: { field: 'at' }, limit: 500 });
        if (items.length === 0) return;
        for (const page of items) await store.delete(deliveryPages, page.id);
      }
    },
  };
}

/** The pages of a workflow that contain its recent requests, oldest first. */
async function pagesOf(store: WorkspaceStore, workflowId: string): Promise<DeliveryPageRecord[]> {
  const { items } = await store.find(deliveryPages, { where: { workflowId }, order: { field: 'at', descending: true }, limit: 50 });
  return items.reverse();
}

/** Appends requests: to the last page while it has room, then to new ones. Then deletes pages that are too old. */
async function write(store: WorkspaceStore, workspaceId: string, workflowId: string, noted: readonly Delivery[]): Promise<void> {
  await countRequests(store, workspaceId, workflowId, noted);
  const rest = noted.slice(-MOST_DELIVERIES);
  const pages = await pagesOf(store, workflowId);
  const last = pages.at(-1);
  const fitting = last && last.calls.length < PAGE ? rest.splice(0, PAGE - last.calls.length) : [];
  if (last && fitting.length > 0) {
    last.calls.push(...fitting);
    await store.update(deliveryPages, last.id, { calls: last.calls, at: atOf(last.calls) });
  }
  while (rest.length > 0) {
    const calls = rest.splice(0, PAGE);
    const page = { id: newId('dlp', new Date()), workspaceId, workflowId, at: atOf(calls), calls };
    await store.insert(deliveryPages, page);
    pages.push(page);
  }
  let kept = pages.reduce((sum, { calls }) => sum + calls.length, 0);
  for (const page of pages) {
    kept -= page.calls.length;
    if (kept < MOST_DELIVERIES) break;
    await store.delete(deliveryPages, page.id);
  }
}

/** Of the last request. Requests are noted when they are answered. */
const atOf = (calls: readonly Delivery[]): string =>
  calls
    .map(({ at }) => at)
    .sort()
    .at(-1) ?? '';
