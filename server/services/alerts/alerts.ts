import type { Bus } from '../../engine/bus.ts';
import { POLL_MS } from '../../engine/bus.ts';
import { type AlertCauseRecord, alertCauses, alertSettings, type FailureMessage } from '../../store/alert-collections.ts';
import { graphs, runs, workflows } from '../../store/collections.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import type { Workspaces } from '../../store/workspaces.ts';
import { latest } from '../latest.ts';
import { failureNotice } from './alert-message.ts';
import { changeCause, closeCause, countFailures, FIRST_RETRY_MS, HOUR_MS, isOver, quietAt } from './count-failures.ts';
import type { AlertSender } from './send-alert.ts';

/*
 * Notifies the owners of workflows of failed runs: immediately if a cause is new, then at most once an hour with the count. Owns the messages
 * and their attempts; count-failures.ts owns the counts. Invariants: 1. A message is stored with its content before it is sent, and stays
 * until it is delivered or alerts are turned off. 2. An attempt is claimed by compare-and-set until after its time limit, so only one process
 * makes it. 3. All attempts have the same ID, so the receiver can detect a duplicate after a crash between sending and recording.
 */

/** The time to the next attempt, by attempts made. The last one repeats. */
const RETRY_MS = [FIRST_RETRY_MS, 120_000, 600_000, 1_800_000, HOUR_MS];
const PAGE = 50;
/** The maximum number of concurrent attempts. */
const MOST_AT_ONCE = 10;

export interface AlertJobParts {
  readonly stores: Store;
  readonly workspaces: Workspaces;
  readonly sender: Pick<AlertSender, 'deliver'>;
  /** The base of links. */
  readonly address: string;
  readonly now: () => Date;
  readonly report: (problem: string, error: unknown) => void;
}

export function createAlerts({ stores, workspaces, sender, address, now, report }: AlertJobParts) {
  const stop = new AbortController();
  const active = new Map<string, Promise<void>>();

  /** Claims an attempt, makes it, and records how it ended. */
  const attempt = async (store: WorkspaceStore, due: AlertCauseRecord): Promise<void> => {
    const settings = await store.get(alertSettings, due.workflowId);
    if (!settings?.enabled || isOver(due, now())) return closeCause(store, due);
    if (!due.message && due.unsent === 0) return void (await changeCause(store, due, { dueAt: quietAt(due.lastAt) }));
    const claimed = await changeCause(store, due, await nextAttempt(store, due, now()));
    if (!claimed?.message) return;
    const { message } = claimed;
    const error = await sender.deliver(store, settings, failureNotice(message, address), stop.signal);
    if (error === null) await settle(store, claimed, message.id);
    else report(`Sending an alert about workflow ${due.workflowId} failed; retrying`, new Error(error));
  };

  const settle = async (store: WorkspaceStore, claimed: AlertCauseRecord, messageId: string): Promise<void> => {
    let cause: AlertCauseRecord | undefined = claimed;
    while (cause?.message?.id === messageId) {
      const sentAt = now();
      const dueAt = cause.unsent > 0 ? new Date(sentAt.getTime() + HOUR_MS).toISOString() : quietAt(cause.lastAt);
      if (await changeCause(store, cause, { message: null, lastSentAt: sentAt.toISOString(), dueAt })) return;
      // A failure was counted in the meantime.
      cause = await store.get(alertCauses, claimed.id);
    }
  };

  const begin = (store: WorkspaceStore, cause: AlertCauseRecord): void => {
    const attempted = attempt(store, cause)
      .catch((error: unknown) => {
        if (!stop.signal.aborted) report('Sending an alert failed; retrying', error);
      })
      .finally(() => {
        active.delete(cause.id);
        if (!stop.signal.aborted && active.size === MOST_AT_ONCE - 1) soon();
      });
    active.set(cause.id, attempted);
  };

  /** Counts failures and begins what is due. */
  const pass = async (): Promise<void> => {
    for (const workspaceId of await workspaces()) {
      const store = stores.in(workspaceId);
      await countFailures(store, now, stop.signal);
      const { items } = await store.find(alertCauses, { range: { field: 'dueAt', to: now().toISOString() }, order: { field: 'dueAt' }, limit: PAGE });
      for (const cause of items) {
        if (stop.signal.aborted || active.size >= MOST_AT_ONCE) return;
        if (!active.has(cause.id)) begin(store, cause);
      }
    }
  };
  const passOnce = latest(pass);
  const soon = (): void => void passOnce().catch((error: unknown) => report('Checking for alerts to send failed; retrying', error));

  return {
    /** Does everything that is due. For tests with their own clock. */
    work: async (): Promise<void> => {
      await passOnce();
      await Promise.all(active.values());
    },
    /** Runs when a run fails, and every 10 s. */
    start: (bus: Bus): void => {
      const unsubscribe = bus.subscribe((message) => {
        if (message.kind === 'run-committed' && message.status === 'failed') soon();
      });
      const timer = setInterval(soon, POLL_MS.workers).unref();
      stop.signal.addEventListener('abort', () => {
        unsubscribe();
        clearInterval(timer);
      });
      soon();
    },
    /** Stops immediately. Interrupted attempts are repeated. */
    stop: async (): Promise<void> => {
      stop.abort();
      await passOnce().catch(() => {});
      await Promise.all(active.values());
    },
  };
}

/** The changes that claim the next attempt: of the pending message, or of a new one about all failures not yet reported. */
async function nextAttempt(store: WorkspaceStore, cause: AlertCauseRecord, now: Date): Promise<Partial<AlertCauseRecord>> {
  const { message, messages } = cause;
  const attempts = message?.attempts ?? 0;
  const dueAt = new Date(now.getTime() + (RETRY_MS[Math.min(attempts, RETRY_MS.length - 1)] ?? HOUR_MS)).toISOString();
  if (message) return { dueAt, message: { ...message, attempts: attempts + 1 } };
  return { dueAt, unsent: 0, messages: messages + 1, message: { ...(await newMessage(store, cause, now)), attempts: 1 } };
}

async function newMessage(store: WorkspaceStore, cause: AlertCauseRecord, now: Date): Promise<Omit<FailureMessage, 'attempts'>> {
  const { workflowId, nodeKey, code, unsent, unsentSince, total, lastRunId, messages } = cause;
  const [workflow, run] = await Promise.all([store.get(workflows, workflowId), store.get(runs, lastRunId)]);
  const graph = run && (await store.get(graphs, run.graphHash))?.graph;
  const title = graph?.nodes.find(({ data }) => data.key === nodeKey)?.data.title ?? nodeKey;
  return {
    id: `${cause.id}_${messages + 1}`,
    at: now.toISOString(),
    workflow: { id: workflowId, name: workflow?.name ?? run?.workflowName ?? workflowId },
    node: nodeKey === '' ? null : { key: nodeKey, title },
    code,
    count: unsent,
    total,
    since: unsentSince,
    runId: lastRunId,
  };
}
