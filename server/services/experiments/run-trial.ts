import { setTimeout as pause } from 'node:timers/promises';
import { type AppError, type ErrorCode, toAppError } from '@switchyard/shared/errors.ts';
import { OVER_COST, type SpendLimit } from '@switchyard/shared/evaluation/stand-ins.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { cancelSignalId } from '@switchyard/shared/run/address.ts';
import { isRemoved } from '@switchyard/shared/run/removed.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { type RunRecord, runs, signals } from '../../store/collections.ts';
import type { ExperimentRecord } from '../../store/evaluation/experiment-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { timestamp } from '../context.ts';
import { spentBy } from '../replays/spent-by.ts';
import { type StandInStarting, startStandInRun } from '../replays/stand-in-run.ts';
import { admitInput } from '../runs/admit-input.ts';
import { loadValue } from '../runs/load-value.ts';
import { isKeyTaken } from '../webhooks/call-keys.ts';
import type { ExperimentItem } from './experiment-items.ts';
import { mayPass, type TrialFault } from './item-result.ts';
import { trialKey } from './trial-key.ts';

/*
 * Runs an item once. Invariant: the experiment, item, trial, and attempt are the idempotency key of the run, so a driver that continues after
 * a crash finds the run that was started and starts no second one. Another attempt is made only after one that failed for a reason that can pass.
 */

const LOOK_MS = 30_000;
const FIRST_REST_MS = 10;
const REST_MS = 500;
const BUSY_MS = 1_000;
/** A trial that takes longer is canceled. */
const LONGEST_MS = 1_800_000;
const MOST_ATTEMPTS = 100;
/** Refusals of a new run that pass soon. */
const BUSY: ReadonlySet<ErrorCode> = new Set(['overloaded', 'queue-full', 'not-ready', 'rate-limited']);

export interface TrialOf {
  readonly context: StandInStarting;
  readonly experiment: ExperimentRecord;
  readonly graph: Graph;
  readonly item: ExperimentItem;
  readonly index: number;
  readonly trial: number;
}

export interface EndedTrial {
  readonly runId: string | null;
  readonly costMicros: number | null;
  readonly durationMs: number | null;
  readonly output?: unknown;
  readonly fault?: TrialFault | undefined;
  /** Its next call could cost more than the rest of the limit. */
  readonly overCost?: boolean;
}

/** Runs the trial to its end, or continues one. Rejects with the signal’s reason, and with what the store throws. */
export async function runTrial(of: TrialOf, signal: AbortSignal): Promise<EndedTrial> {
  let last: RunRecord | undefined;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const started = await startAttempt(of, attempt, signal);
    if ('fault' in started) return { runId: null, costMicros: 0, durationMs: null, fault: started.fault };
    const isOld = isEnded(started.run.status);
    last = await ended(of, started.run, signal);
    if (!isOld || !last.error || !(mayPass(last.error.code) || isOverCost(last))) return trialOf(of, last);
  }
  return last ? trialOf(of, last) : Promise.reject(new Error('A trial made no attempt'));
}

/** What its runs and graders may spend together. Undefined: unlimited. */
export const limitOf = ({ id, maxCostMicros }: ExperimentRecord): SpendLimit | undefined =>
  maxCostMicros === null ? undefined : { id, micros: maxCostMicros };

const isOverCost = ({ error }: RunRecord): boolean => error?.code === 'stopped' && error.details?.why === OVER_COST;

type Started = { readonly run: RunRecord } | { readonly fault: TrialFault };

async function startAttempt(of: TrialOf, attempt: number, signal: AbortSignal): Promise<Started> {
  const { context, experiment, index, trial } = of;
  const key = trialKey({ experimentId: experiment.id, index, trial, attempt });
  for (;;) {
    signal.throwIfAborted();
    try {
      return { run: await start(of, key) };
    } catch (thrown) {
      if (isKeyTaken(thrown)) {
        const [run] = (await context.store.find(runs, { where: { idempotencyKey: key }, limit: 1 })).items;
        if (run) return { run };
      }
      const error = toAppError(thrown);
      if (error.code === 'internal' || isKeyTaken(thrown)) throw thrown;
      if (!BUSY.has(error.code)) return { fault: faultOf(error) };
      await pause(BUSY_MS, undefined, { signal });
    }
  }
}

const faultOf = ({ code, message }: Pick<AppError, 'code' | 'message'>): TrialFault => ({ kind: 'errored', code, reason: message });

async function start({ context, experiment, graph, item }: TrialOf, key: string): Promise<RunRecord> {
  const { runsOf, allow, ranOn } = experiment;
  const { input, source, recorded, decision } = item;
  admitInput(context, graph, input);
  return startStandInRun(context, {
    as: 'experiment',
    workflow: runsOf,
    version: runsOf.version,
    graphHash: ranOn.graphHash,
    source,
    input: input ?? null,
    recorded,
    allow,
    decision,
    limit: limitOf(experiment),
    key: { name: key, bodyHash: '', permanent: true },
  });
}

async function ended({ context }: TrialOf, run: RunRecord, signal: AbortSignal): Promise<RunRecord> {
  const { engine, store } = context;
  const began = performance.now();
  for (let current = run, rest = FIRST_REST_MS; ; rest = Math.min(rest * 2, REST_MS)) {
    if (isEnded(current.status)) return current;
    signal.throwIfAborted();
    await engine.ended(run.id, LOOK_MS);
    current = (await store.get(runs, run.id)) ?? current;
    if (isEnded(current.status)) return current;
    if (performance.now() - began > LONGEST_MS) await cancel(context, run.id);
    // The record may follow the journal a little later.
    await pause(rest, undefined, { signal });
  }
}

async function cancel(context: StandInStarting, runId: string): Promise<void> {
  const { store, workspaceId, engine } = context;
  await insertIfAbsent(store, signals, {
    id: cancelSignalId(runId),
    workspaceId,
    runId,
    kind: 'cancel',
    waitId: null,
    value: { reason: 'The item took longer than 30 minutes' },
    at: timestamp(context),
    actor: { kind: 'system', id: 'experiment' },
    moved: 0,
  });
  engine.wake(runId);
}

async function trialOf({ context }: TrialOf, run: RunRecord): Promise<EndedTrial> {
  const { id, startedAt, endedAt, error } = run;
  const { costMicros, unknownPrice } = await spentBy(context.store, run);
  const shared = {
    runId: id,
    costMicros: unknownPrice > 0 ? null : costMicros,
    durationMs: startedAt !== null && endedAt !== null ? Date.parse(endedAt) - Date.parse(startedAt) : null,
  };
  if (isOverCost(run)) return { ...shared, overCost: true };
  if (error?.code === 'stopped') return { ...shared, fault: { kind: 'stopped', reason: error.message } };
  if (error && error.code !== 'output-failure') return { ...shared, fault: faultOf(error) };
  if (isRemoved(run.output) || run.triggerData.sealed !== undefined) {
    return {
      ...shared,
      fault: faultOf({ code: 'payload-removed', message: 'The workflow’s data policy keeps no outputs, so there is nothing to grade.' }),
    };
  }
  return { ...shared, output: await loadValue(context, run.output) };
}
