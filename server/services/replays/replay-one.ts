import { setTimeout as pause } from 'node:timers/promises';
import { AppError, ERRORS, toAppError } from '@switchyard/shared/errors.ts';
import type { SpendLimit } from '@switchyard/shared/evaluation/stand-ins.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { outcomeOf, placeOf } from '../../evaluation/replay/outcome.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import { type ReplayRecord, type ReplayResultRecord, replayResults } from '../../store/evaluation/replay-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { isKeyTaken } from '../webhooks/call-keys.ts';
import { wholeRun } from './choose-runs.ts';
import { compareRecords } from './compare.ts';
import { spentBy } from './spent-by.ts';
import { refuseUnreplayable, type StandInStarting, startStandInRun } from './stand-in-run.ts';

/* Replays one run and compares it: for a replay of many, and for a shadow. Doing it again finds the run that was started before. */

/** How long a replayed run may take. It has no real waits, so only slow models and reads take time. */
const LONGEST_MS = 600_000;
const LOOK_MS = 5_000;
const BUSY_MS = 500;
const BUSY: ReadonlySet<string> = new Set(['overloaded', 'not-ready', 'killed', 'queue-full']);

/** Whether a run can’t be started now, but later. */
export const isBusy = (thrown: unknown): thrown is AppError => thrown instanceof AppError && BUSY.has(thrown.code);

/** One run of a replay, or of a shadow. */
export interface OneReplay {
  readonly as: 'replay' | 'shadow';
  /** The ID of its result. */
  readonly name: string;
  readonly index: number;
  /** Its place among results with the same outcome. */
  readonly rank: number;
  readonly sourceId: string;
  readonly limit: SpendLimit;
}

type Whole = Pick<ReplayRecord, 'id' | 'workspaceId' | 'workflowId' | 'version' | 'graphHash'>;

/**
 * Replays a run, and stores how it differs. A run that can’t be replayed has a result, too. While no run can be started, a replay waits; a shadow
 * throws (`isBusy`).
 */
export async function replayOne(context: StandInStarting, whole: Whole, one: OneReplay, signal: AbortSignal): Promise<ReplayResultRecord> {
  const result = await resultOf(context, whole, one, signal);
  await insertIfAbsent(context.store, replayResults, result);
  return result;
}

async function resultOf(context: StandInStarting, whole: Whole, one: OneReplay, signal: AbortSignal): Promise<ReplayResultRecord> {
  const { name, index, rank, sourceId } = one;
  const nothing = { costBefore: 0, costAfter: 0, spentMicros: 0, recorded: 0, asked: 0, nodes: [], onlyBefore: [], onlyAfter: [] };
  const named = { id: name, workspaceId: whole.workspaceId, replayId: whole.id, index, sourceId };
  const source = await wholeRun(context, sourceId);
  try {
    if (!source) throw new AppError('not-found', 'The run was removed.');
    refuseUnreplayable(source);
    const run = await ended(context, await started(context, whole, source, one, signal), signal);
    const compared = await compareRecords(context, source, run);
    const outcome = outcomeOf(compared);
    const [stop] = compared.stops;
    return {
      ...named,
      place: placeOf(outcome, rank),
      runId: run.id,
      outcome,
      // An error’s text may have values of the run, and this outlives them.
      what: stop?.what ?? (run.error && ERRORS[run.error.code].title) ?? null,
      code: run.error?.code ?? null,
      nodeKey: stop?.nodeKey ?? run.error?.nodeKey ?? null,
      costBefore: compared.before.costMicros,
      costAfter: compared.after.costMicros,
      spentMicros: (await spentBy(context.store, run)).costMicros,
      ...compared.calls,
      nodes: compared.nodes,
      onlyBefore: compared.path.onlyBefore,
      onlyAfter: compared.path.onlyAfter,
    };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (signal.aborted || error.code === 'internal' || isBusy(thrown)) throw thrown;
    const place = placeOf('not-replayable', rank);
    return { ...named, ...nothing, place, runId: null, outcome: 'not-replayable', what: error.message, code: error.code, nodeKey: null };
  }
}

/** Starts the replay of a run, or finds the one that was started before a restart. */
async function started(context: StandInStarting, whole: Whole, source: RunRecord, { as, limit }: OneReplay, signal: AbortSignal): Promise<RunRecord> {
  const { id, version, graphHash, workflowId } = whole;
  const name = `${as}:${id}:${source.id}`;
  const workflow = { id: workflowId, name: source.workflowName };
  for (;;) {
    signal.throwIfAborted();
    try {
      const key = { name, bodyHash: '', permanent: true as const };
      return await startStandInRun(context, { as, workflow, version, graphHash, source, limit, key });
    } catch (thrown) {
      if (isKeyTaken(thrown)) {
        const [run] = (await context.store.find(runs, { where: { idempotencyKey: name }, limit: 1 })).items;
        if (run) return run;
      }
      if (as === 'shadow' || !isBusy(thrown)) throw thrown;
      await pause(BUSY_MS, undefined, { signal });
    }
  }
}

async function ended({ engine, store }: StandInStarting, run: RunRecord, signal: AbortSignal): Promise<RunRecord> {
  const began = performance.now();
  for (let current = run, restMs = 2; ; restMs = Math.min(restMs * 2, 200)) {
    current = (await store.get(runs, run.id)) ?? current;
    if (isEnded(current.status)) return current;
    signal.throwIfAborted();
    if (performance.now() - began > LONGEST_MS) throw new AppError('timeout', 'The replay took longer than 10 minutes.');
    await engine.ended(run.id, LOOK_MS);
    // The record may follow the journal a little later.
    await pause(restMs, undefined, { signal });
  }
}
