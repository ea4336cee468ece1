import { type EndedInput, workflowEndedSettings } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { AppError, toAppError } from '@switchyard/shared/errors.ts';
import { isoTime } from '@switchyard/shared/iso-time.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { type Bus, POLL_MS } from '../../../engine/bus.ts';
import { type RunRecord, runs } from '../../../store/collections.ts';
import type { TriggerRecord } from '../../../store/triggers/trigger-collections.ts';
import type { Workspaces } from '../../../store/workspaces.ts';
import { isHeldAfterRestore } from '../../held-runs/held-records.ts';
import { latest } from '../../latest.ts';
import type { RunStarting } from '../../runs/accept-run.ts';
import { loadValue } from '../../runs/load-value.ts';
import { noteDelivery } from '../note-delivery.ts';
import { startTriggered } from '../start-triggered.ts';
import { type WatchBoard, watchedWorkflow, watchersIn } from './watch-board.ts';

/*
 * Fires triggers when runs end. Invariants: 1. A run of a watched workflow is marked (`endedUnseen`) in the write that ends it, so a crash loses
 * no end. 2. The ended run is the idempotency key of the run it starts, so each trigger fires once for it. 3. A run that fails because of an
 * error trigger fires none, and triggers fire each other at most 10 times in a row.
 */

const PAGE = 50;
const MOST_IN_A_ROW = 10;
/** Errors that pass: the end stays marked. */
const PASSING: ReadonlySet<string> = new Set(['overloaded', 'queue-full', 'not-ready']);

export interface EndedTriggersParts {
  readonly startingIn: (workspaceId: string) => RunStarting;
  readonly workspaces: Workspaces;
  readonly watched: Pick<WatchBoard, 'isWatched'>;
  readonly now: () => Date;
  readonly report: (problem: string, error: unknown) => void;
}

export function createEndedTriggers({ startingIn, workspaces, watched, now, report }: EndedTriggersParts) {
  let isStopped = false;

  const passIn = async (workspaceId: string): Promise<void> => {
    const context = startingIn(workspaceId);
    const { store } = context;
    for (;;) {
      const query = { range: { field: 'endedUnseen', from: '' }, order: { field: 'endedUnseen' }, limit: PAGE };
      const { items } = await store.find(runs, query);
      if (items.length === 0 || isStopped || (await isHeldAfterRestore(store))) return;
      const watchers = await watchersIn(store);
      const done = await Promise.all(items.map((run) => fireAll(context, watchers, run, now())));
      if (items.length < PAGE || !done.includes(true)) return;
    }
  };
  const pass = latest(async () => {
    for (const workspaceId of await workspaces()) await passIn(workspaceId);
  });
  const soon = (): void => void pass().catch((error: unknown) => report('Firing triggers for ended runs failed; retrying', error));
  let stop = (): void => {};
  return {
    /** Fires for all marked runs. For tests. */
    work: pass,
    /** Fires when a run ends, and every 10 s. */
    start: (bus: Bus): void => {
      const unsubscribe = bus.subscribe((message) => {
        if (message.kind === 'run-committed' && isEnded(message.status) && watched.isWatched(message.run)) soon();
        if (message.kind === 'invalidate' && message.what === 'held-runs') soon();
      });
      const timer = setInterval(soon, POLL_MS.workers).unref();
      stop = () => {
        unsubscribe();
        clearInterval(timer);
      };
      soon();
    },
    stop: async (): Promise<void> => {
      isStopped = true;
      stop();
      await pass().catch(() => {});
    },
  };
}

/** Returns whether all triggers have fired, and the mark is removed. */
async function fireAll(context: RunStarting, watchers: readonly TriggerRecord[], run: RunRecord, now: Date): Promise<boolean> {
  let isDone = true;
  for (const trigger of watchers) if (firesFor(trigger, run) && !(await fire(context, trigger, run, now))) isDone = false;
  if (isDone) await context.store.update(runs, run.id, { endedUnseen: null });
  return isDone;
}

function firesFor(trigger: TriggerRecord, { workflowId, status, trigger: startedBy, parent }: RunRecord): boolean {
  const workflow = watchedWorkflow(trigger);
  if (workflow !== null && workflow !== workflowId) return false;
  // The failure of a child run is that of its parent.
  if (trigger.kind === 'error') return status === 'failed' && startedBy !== 'error' && parent === undefined && workflowId !== trigger.workflowId;
  const { statuses } = workflowEndedSettings.parse(trigger.settings);
  return (statuses as readonly string[]).includes(status);
}

async function fire(context: RunStarting, trigger: TriggerRecord, run: RunRecord, now: Date): Promise<boolean> {
  const at = isoTime(now.getTime());
  const chain = (run.chain ?? 0) + 1;
  try {
    if (chain > MOST_IN_A_ROW) throw new AppError('too-deep', `Triggers can fire each other up to ${MOST_IN_A_ROW} times in a row.`);
    const kind = trigger.kind === 'error' ? 'error' : 'workflow-ended';
    const input = await inputOf(context, run);
    const { runId } = await startTriggered(context, { trigger, kind, input, event: run.id, labels: run.labels, chain });
    await noteDelivery(context.store, trigger, run.id, { at, outcome: 'started', runId });
    return true;
  } catch (thrown) {
    const { code } = toAppError(thrown);
    if (code === 'internal') throw thrown;
    if (PASSING.has(code)) return false;
    await noteDelivery(context.store, trigger, run.id, { at, outcome: 'rejected', code });
    return true;
  }
}

/** What the run that starts gets. The output is null if the data policy of the ended run doesn’t keep it. */
async function inputOf(context: RunStarting, run: RunRecord): Promise<EndedInput> {
  const { id, workflowId, workflowName, status, output, error, labels } = run;
  const policy = run.policy === undefined ? undefined : await context.policies.byHash(context.store, run.policy);
  const isKept = run.payloadsRemovedAt === undefined && !policy?.removesPayloads;
  const value = isKept ? await loadValue(context, output) : null;
  return { runId: id, workflowId, workflowName, status, output: value ?? null, error, labels };
}
