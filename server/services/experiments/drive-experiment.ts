import type { Experiment } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import type { ErrorCode } from '@switchyard/shared/errors.ts';
import { grade } from '../../evaluation/graders/grade.ts';
import { type ExperimentRecord, type ExperimentResultRecord, experimentResults, experiments } from '../../store/evaluation/experiment-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { timestamp } from '../context.ts';
import { type GraderCalls, graderPorts } from '../datasets/grader-ports.ts';
import { judgmentOf } from '../datasets/judgments.ts';
import type { StandInStarting } from '../replays/stand-in-run.ts';
import { removeFromExperiments } from '../retention/remove-payloads.ts';
import { loadFrozenGraph } from '../workflows/frozen-graph.ts';
import { type ExperimentItem, itemReader, titleOf } from './experiment-items.ts';
import { type GradedTrial, resultOf } from './item-result.ts';
import { readTally, refreshSummary, resultId } from './results.ts';
import { limitOf, runTrial, type TrialOf } from './run-trial.ts';
import type { Tally } from './tally.ts';

/*
 * Drives an experiment from where it is to its end, or until it pauses (S82). Invariants: 1. An item’s result is inserted once, after its
 * runs have ended, so an interrupted item is found and finished, and none is run twice. 2. Items in progress are finished before the
 * experiment pauses. 3. A driver that lost the experiment starts nothing more once it is told, and at the latest after its next report.
 */

const REPORT_MS = 1_000;
/** So many items in a row that failed outside mean that the next ones would, too. */
const MOST_FAILURES_IN_A_ROW = 5;

export interface DriveParts {
  readonly context: StandInStarting;
  readonly graders: GraderCalls;
  readonly signal: AbortSignal;
  /** Whether the experiment was canceled, or another process has it, as far as this process knows. */
  readonly isLost: () => boolean;
}

type Pause = NonNullable<Experiment['pause']>;

/** What the workers of one drive share. */
interface Drive extends DriveParts {
  readonly experiment: ExperimentRecord;
  readonly graph: TrialOf['graph'];
  readonly tally: Tally;
  readonly itemAt: (index: number) => Promise<ExperimentItem>;
  readonly report: () => Promise<void>;
  /** The next open item. Undefined: none, or no more are to be started. */
  readonly next: () => number | undefined;
  readonly state: DriveState;
  /** Items in a row that failed for a reason that can pass. */
  failures: number;
}

/** Why no more items are started. */
interface DriveState {
  paused: Pause | undefined;
  /** The experiment was canceled, or another process has it. */
  isLost: boolean;
  error: { readonly thrown: unknown } | undefined;
}

const pauseFor = ({ state }: Drive, pause: Pause): void => {
  state.paused ??= pause;
};

/** Resolves when the experiment has ended, has paused, or belongs to another process. The caller has claimed it. */
export async function driveExperiment(parts: DriveParts, claimed: ExperimentRecord): Promise<void> {
  const { context, signal } = parts;
  const { store } = context;
  const { id, driver } = claimed;
  const { graph } = await loadFrozenGraph(context, claimed.ranOn.graphHash);
  const tally = await readTally(store, claimed);
  const state: DriveState = { paused: undefined, isLost: false, error: undefined };
  let at = 0;
  const save = async (changes: Partial<ExperimentRecord>): Promise<void> => {
    const saved = await store.update(experiments, id, { summary: tally.summary(), ...changes }, { equal: { driver, status: 'running' } });
    state.isLost ||= saved === undefined;
  };
  const drive: Drive = {
    ...parts,
    experiment: claimed,
    graph,
    tally,
    state,
    failures: 0,
    itemAt: itemReader(context, claimed),
    report: everyMs(REPORT_MS, () => save({})),
    next: () => {
      state.isLost ||= parts.isLost();
      if (state.paused || state.isLost || state.error || signal.aborted) return undefined;
      while (tally.done.has(at)) at++;
      return at < claimed.items ? at++ : undefined;
    },
  };
  const noteError = (error: unknown): void => {
    state.error ??= { thrown: error };
  };
  await Promise.all(Array.from({ length: claimed.concurrency }, () => work(drive).catch(noteError)));
  if (signal.aborted) return save({ driver: null });
  if (state.error) throw state.error.thrown;
  if (state.paused) await save({ status: 'paused', pause: state.paused, driver: null });
  else if (!state.isLost) await save({ status: 'finished', driver: null, endedAt: timestamp(context) });
  // People may have graded results meanwhile.
  if (claimed.graders.some(({ kind }) => kind === 'person')) await refreshSummary(store, id);
  // It was canceled: items in progress count, too.
  if (state.isLost) await store.update(experiments, id, { summary: tally.summary(), driver: null }, { equal: { driver, status: 'cancelled' } });
}

/** Calls `act` at most once per interval, never twice at a time. */
function everyMs(interval: number, act: () => Promise<void>): () => Promise<void> {
  let last = performance.now();
  let acting = false;
  return async () => {
    if (acting || performance.now() - last < interval) return;
    acting = true;
    await act().finally(() => {
      last = performance.now();
      acting = false;
    });
  };
}

/** One of several workers: takes open items until there are none. */
async function work(drive: Drive): Promise<void> {
  for (let index = drive.next(); index !== undefined; index = drive.next()) {
    const result = await runItem(drive, index);
    if (!result) continue;
    await insertIfAbsent(drive.context.store, experimentResults, result);
    await removeIfGone(drive, result);
    drive.tally.add(result);
    noteFailures(drive, result);
    await drive.report();
  }
}

const PAUSES: Partial<Record<ErrorCode, Pause['reason']>> = { 'budget-exceeded': 'budget', killed: 'killed' };

/** The run that the item was copied from may have lost its data meanwhile (S66a). */
async function removeIfGone({ context: { store, policies, now }, itemAt }: Drive, { index, sourceRunId }: ExperimentResultRecord): Promise<void> {
  if (sourceRunId === null || !(await itemAt(index)).isRemoved) return;
  await removeFromExperiments({ store, secrets: policies.secrets }, { id: sourceRunId, idempotencyKey: null }, now());
}

/** Pauses at once if nothing may be called, and after several failures in a row of what is called. */
function noteFailures(drive: Drive, { mayPass, code, reason }: ExperimentResultRecord): void {
  drive.failures = mayPass === 1 ? drive.failures + 1 : 0;
  const why = code && PAUSES[code];
  if (why) pauseFor(drive, { reason: why, message: reason });
  else if (drive.failures >= MOST_FAILURES_IN_A_ROW) pauseFor(drive, { reason: 'provider', message: `${drive.failures} items in a row failed: ${reason}` });
}

/** Undefined if it paused before the item was done. */
async function runItem(drive: Drive, index: number): Promise<ExperimentResultRecord | undefined> {
  const { experiment } = drive;
  const item = await drive.itemAt(index);
  const trials: GradedTrial[] = [];
  for (let trial = 0; trial < experiment.trials; trial++) {
    const graded = await gradedTrial(drive, { item, index, trial });
    if (!graded) return undefined;
    trials.push(graded);
  }
  const { itemId, itemVersion, tags, sourceRunId, cluster } = item;
  return {
    id: resultId(experiment.id, index),
    workspaceId: experiment.workspaceId,
    experimentId: experiment.id,
    index,
    itemId,
    itemVersion,
    title: titleOf(item.input),
    tags: [...tags],
    sourceRunId,
    cluster,
    ...resultOf(trials, experiment.graders.length),
  };
}

/** Undefined if it would spend more than the rest of the limit. */
async function gradedTrial(drive: Drive, of: Pick<TrialOf, 'item' | 'index' | 'trial'>): Promise<GradedTrial | undefined> {
  const { context, experiment, graph, signal } = drive;
  if (of.item.isRemoved) return { runId: null, costMicros: 0, durationMs: null, grades: [], fault: REMOVED };
  const ended = await runTrial({ context, experiment, graph, ...of }, signal);
  if (ended.overCost) return overCost(drive);
  const { runId, durationMs, fault, costMicros } = ended;
  if (fault) return { runId, costMicros, durationMs, grades: [], fault };
  const ports = {
    ...graderPorts(drive.graders, { workspaceId: experiment.workspaceId, purpose: 'experiment', now: context.now(), limit: limitOf(experiment) }),
    judged: (_grader: unknown, { output }: { readonly output: unknown }) => judgmentOf(context.store, of.item.itemId, output),
  };
  const { input, expected } = of.item;
  const grades = await Promise.all(experiment.graders.map((grader) => grade(grader, { input, expected, output: ended.output }, ports, signal)));
  // Of the calls of a grader, only its limit stops one.
  if (grades.some((one) => 'error' in one && one.code === 'stopped')) return overCost(drive);
  const costs = [costMicros, ...grades.map(({ costMicros: judging = 0 }) => judging)];
  return { runId, costMicros: costs.includes(null) ? null : costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0), durationMs, grades };
}

function overCost(drive: Drive): undefined {
  const dollars = ((drive.experiment.maxCostMicros ?? 0) / 1e6).toFixed((drive.experiment.maxCostMicros ?? 0) < 1e5 ? 4 : 2);
  pauseFor(drive, { reason: 'cost', message: `The next model call could exceed the cost limit of $${dollars} for the experiment.` });
  return undefined;
}

const REMOVED = { kind: 'errored', code: 'payload-removed', reason: 'This item’s data was removed with its run’s data.' } as const;
