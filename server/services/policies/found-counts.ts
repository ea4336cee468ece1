import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type RedactionCountRecord, redactionCounts } from '../../store/policy-collections.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import type { RedactedRun } from './token-vault.ts';

/*
 * Counts what the detectors find, by workflow and hour. Noted in memory and written once a second; a crash loses at most that second.
 * Contains no values.
 */

const WRITE_EVERY_MS = 1_000;
const HOUR_MS = 3_600_000;
const SHOWN_HOURS = 24;
const ATTEMPTS = 5;

type Where = Pick<RedactedRun, 'workspaceId' | 'workflowId'>;
type Counts = Map<string, number>;

export type FoundCounts = ReturnType<typeof createFoundCounts>;

interface Parts {
  readonly stores: Store;
  readonly now: () => Date;
  readonly report: (problem: string, error: unknown) => void;
}

export function createFoundCounts({ stores, now, report }: Parts) {
  let noted = new Map<string, { where: Where; hour: string; counts: Counts }>();
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(async () => {
      const written = [...noted.values()];
      noted = new Map();
      for (const { where, hour, counts } of written)
        await add(stores.in(where.workspaceId), where, hour, counts).catch((error) => report('Counting redacted values failed', error));
    });
    return writing;
  };

  return {
    note: (where: Where, found: ReadonlyMap<string, number>): void => {
      if (found.size === 0) return;
      const hour = hourOf(now());
      const key = `${where.workflowId}:${hour}`;
      const { counts } = noted.get(key) ?? { counts: new Map() };
      addTo(counts, found);
      noted.set(key, { where: { workspaceId: where.workspaceId, workflowId: where.workflowId }, hour, counts });
      timer ??= setTimeout(flush, WRITE_EVERY_MS).unref();
    },
    /** What was found in the last 24 hours, by detector. */
    ofWorkflow: async (store: WorkspaceStore, workflowId: string): Promise<Record<string, number>> => {
      await flush();
      const from = hourOf(new Date(now().getTime() - (SHOWN_HOURS - 1) * HOUR_MS));
      const { items } = await store.find(redactionCounts, {
        where: { workflowId },
        range: { field: 'hour', from },
        order: { field: 'hour' },
        limit: SHOWN_HOURS,
      });
      const total: Counts = new Map();
      for (const { counts } of items) addTo(total, new Map(Object.entries(counts)));
      return Object.fromEntries(total);
    },
    /** Deletes counts that are no longer shown. */
    forgetOld: async (workspaceId: string): Promise<void> => {
      const store = stores.in(workspaceId);
      const to = hourOf(new Date(now().getTime() - 2 * SHOWN_HOURS * HOUR_MS));
      for (;;) {
        const { items } = await store.find(redactionCounts, { range: { field: 'hour', to }, order: { field: 'hour' }, limit: 500 });
        if (items.length === 0) return;
        for (const { id } of items) await store.delete(redactionCounts, id);
      }
    },
    flush,
  };
}

const hourOf = (date: Date): string => `${date.toISOString().slice(0, 13)}:00:00.000Z`;

function addTo(counts: Counts, more: ReadonlyMap<string, number>): void {
  for (const [name, count] of more) counts.set(name, (counts.get(name) ?? 0) + count);
}

/** Other processes may add at the same time. */
async function add(store: WorkspaceStore, { workspaceId, workflowId }: Where, hour: string, more: Counts): Promise<void> {
  const id = `${workflowId}:${hour}`;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const known = await store.get(redactionCounts, id);
    const counts: Counts = new Map(Object.entries(known?.counts ?? {}));
    addTo(counts, more);
    const record: RedactionCountRecord = { id, workspaceId, workflowId, hour, counts: Object.fromEntries(counts), revision: (known?.revision ?? 0) + 1 };
    const isDone = known
      ? await store.update(redactionCounts, id, { counts: record.counts, revision: record.revision }, { equal: { revision: known.revision } })
      : await insertIfAbsent(store, redactionCounts, record);
    if (isDone) return;
  }
}
