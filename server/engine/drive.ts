import { AppError } from '@switchyard/shared/errors.ts';
import type { Stop } from '@switchyard/shared/evaluation/stand-ins.ts';
import { frameOf } from '@switchyard/shared/run/address.ts';
import { findStep, isEnded, type RunState, type RunStatus } from '@switchyard/shared/run/state.ts';
import { type Command, decide, isItemStopping, isStopping, visibleState } from './decide.ts';
import { abandonTask, type DriverContext } from './driver-context.ts';
import { endItem, endItems } from './frames/items.ts';
import { beginRound, exceedLoop } from './frames/rounds.ts';
import { createJournalWriter, type FirstCommit, type NewEvent } from './journal-writer.ts';
import type { Plan } from './plan.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';
import { createPurePart } from './pure-part.ts';
import { createSignalMover } from './signals.ts';
import { type StandInDesk, stoppedError } from './stand-ins/desk.ts';
import { errorData } from './steps/failure.ts';
import { resumeStep } from './steps/resume-step.ts';
import { beginStep } from './steps/tasks.ts';
import { cancelStep, finishRun } from './stop.ts';
import { createRunValues } from './values.ts';

/*
 * Drives one run: decides, performs, records, and decides again until the run ends, waits, or is handed off.
 * Owns: the running tasks of this run. Does not own: time, storage, models (ports.ts), or which runs there are (engine.ts).
 * Invariants: 1. Decisions follow from the journal only. 2. A task whose step was superseded or canceled records nothing more. 3. The
 * driver is done only when no task runs and everything it recorded is on disk.
 */

export interface Driver {
  readonly run: AcceptedRun;
  readonly state: RunState;
  /** It may have started child runs. */
  readonly startsRuns: boolean;
  /** The externally visible state. */
  visible(): RunState;
  /** Every recorded event is on disk. */
  committed(): boolean;
  /** The IDs of the running steps. */
  steps(): string[];
  /** Another driver has taken over the run. */
  isFenced(): boolean;
  /** Records the opening events, then decides. */
  start(): void;
  /** Reads pending signals, then decides. */
  readSignals(): void;
  /** Starts nothing new; running steps may finish. */
  pause(): void;
  /** Stops at once and records nothing more: another process may already own the run. */
  abandon(): void;
  /** Aborts running steps and hands off the run cleanly. */
  handOff(): Promise<void>;
}

export interface DriverOptions {
  readonly ports: EnginePorts;
  readonly run: AcceptedRun;
  readonly plan: Plan;
  readonly state: RunState;
  /** Wakes another run. */
  readonly wake: (runId: string) => void;
  /** The status in the run's record. */
  readonly shownStatus: RunStatus;
  /** Set if the run is not on disk yet: it begins with its pure part (S40). */
  readonly first?: FirstCommit;
  /** Recorded before the first decision. */
  readonly opening: readonly NewEvent[];
  /** Set if recorded responses replace its calls (S82). */
  readonly desk?: StandInDesk;
  readonly onCommitted: (state: RunState) => void;
  /** The driver is done: the run has ended, waits, was handed off, or was taken over by another driver. */
  readonly onDone: (driver: Driver) => void;
}

/** How long a run may use the event loop before it has to share it with all other long work, in ms. */
const SHORT_MS = 5;

/** Notices a run that takes long. From then on, it waits for its turn. */
function createPace({ elapsed, turns }: Pick<EnginePorts, 'elapsed' | 'turns'>, isPureOver: () => boolean) {
  let began = 0;
  let isLong = false;
  const mustWait = (): boolean => {
    isLong ||= elapsed() - began >= SHORT_MS;
    return isLong && turns.isOver();
  };
  return {
    begin: () => {
      began = elapsed();
    },
    mustWait,
    stops: () => isPureOver() || mustWait(),
  };
}

/** True once a run with a slot waits: it gives the slot up, and queues again before its next step (S46). */
function createSlotWatch({ slot }: AcceptedRun, state: RunState, visible: () => RunState): () => boolean {
  const began = state.seq;
  return () => slot !== undefined && state.seq > began && visible().status === 'waiting';
}

export function createDriver(options: DriverOptions): Driver {
  const { ports, run, plan, state, wake, shownStatus, first, desk } = options;
  const tasks: DriverContext['tasks'] = new Map();
  const visible = () => visibleState(plan, state, tasks);
  const writer = createJournalWriter({ ports, run, state, visible, shownStatus, onCommitted: () => options.onCommitted(visible()), first });
  const pure = createPurePart(ports, state, writer);
  const pace = createPace(ports, pure.isOver);
  const givesUpSlot = createSlotWatch(run, state, visible);
  let [loading, advancing, paused, finished, fenced] = [0, false, false, false, false];

  const advance = (): void => {
    if (advancing || finished) return;
    advancing = true;
    pace.begin();
    while (loading === 0 && !(paused && !state.cancelling) && !pace.stops() && performAll(context, pace.stops)) {
      // Until the state stops changing.
    }
    advancing = false;
    paused ||= givesUpSlot();
    const continuesSoon = loading === 0 && !pure.isOver() && pace.mustWait();
    if (continuesSoon) pauseUntil(ports.turns.next());
    if (continuesSoon && writer.mayGrow()) return;
    // Once the pure part is on disk, the run continues as usual.
    writer.commit().then(pure.isOver() ? advance : finishIfIdle, onFenced);
  };

  const pauseUntil = (work: Promise<unknown>): void => {
    loading++;
    const failed = (error: unknown) => {
      ports.report('Loading run data failed', { runId: run.runId, error });
      writer.record({ type: 'run-failing', error: errorData(error, { nodeKey: '', stepId: '' }) });
    };
    work.catch(failed).then(() => {
      loading--;
      advance();
    });
  };

  const values = createRunValues(ports, run, desk?.original?.runId);
  const context: DriverContext = { ports, run, plan, state, wake, writer, values, tasks, advance, pauseUntil, signals: () => mover, desk };
  const mover = createSignalMover(context);

  /** After a commit: finishes if nothing is left for this driver to do. */
  const finishIfIdle = (): void => {
    if (finished || !writer.idle() || context.tasks.size > 0 || loading > 0 || mover.busy()) return;
    if (!isEnded(state.status) && !paused && !(state.runningCount === 0 && state.waitingCount > 0)) return;
    finished = true;
    options.onDone(driver);
  };

  const onFenced = (error: unknown): void => {
    if (finished) return;
    finished = true;
    fenced = true;
    if (writer.inserted()) ports.report('Run taken over by another driver', { runId: run.runId, error });
    for (const task of [...context.tasks.values()]) abandonTask(context, task, new AppError('cancelled', 'Another driver has taken the run over.'));
    if (writer.inserted()) options.onDone(driver);
    else first?.refused(error);
  };

  const handOff = async (): Promise<void> => {
    if (finished) return;
    paused = true;
    const interrupted = [...context.tasks.keys()].filter((id) => findStep(state, id)?.status === 'running');
    for (const task of [...context.tasks.values()]) abandonTask(context, task, new AppError('cancelled', 'The server is shutting down.'));
    if (interrupted.length > 0) writer.record({ type: 'driver-released', interrupted });
    await writer.commit().then(finishIfIdle, onFenced);
  };

  const start = (): void => {
    for (const event of options.opening) writer.record(event);
    advance();
  };
  const pause = (): void => {
    paused = true;
    writer.commit().then(finishIfIdle, onFenced);
  };
  const abandon = (): void => onFenced(new AppError('in-use', 'Another process may consider this one dead.'));
  const seen = { committed: writer.idle, steps: () => [...tasks.keys()], isFenced: () => fenced };
  const driver: Driver = { run, state, startsRuns: plan.startsRuns, visible, ...seen, start, readSignals: mover.read, pause, handOff, abandon };
  return driver;
}

/** Performs the commands. True if the state changed. Stops early when the run begins to stop. */
function performAll(context: DriverContext, isOver: () => boolean): boolean {
  const stoppingBefore = isStopping(context.state);
  let changed = false;
  for (const command of decide(context.plan, context.state, context.tasks)) {
    if (isOver()) return true;
    const { seq } = context.state;
    if (isOutdated(context.state, command)) continue;
    if (!perform(context, command)) continue;
    changed = true;
    if (context.state.seq === seq && !('stepId' in command && context.tasks.has(command.stepId)) && !('step' in command && context.tasks.has(command.step.id)))
      failIdleCommand(context, command);
    if (!stoppingBefore && isStopping(context.state)) return true;
  }
  return changed;
}

/** A step of an item that has failed since the commands were decided. */
const isOutdated = (state: RunState, command: Command): boolean =>
  (command.do === 'start' || command.do === 'skip' || command.do === 'resume') &&
  isItemStopping(state, frameOf(command.do === 'resume' ? command.step.id : command.stepId));

/** A command that leaves no event would be decided again forever. */
function failIdleCommand({ run, ports, writer }: DriverContext, command: Command): void {
  const nodeKey = 'node' in command ? command.node.key : '';
  const error = new AppError('node-failed', `The run cannot continue${nodeKey && ` at “${nodeKey}”`}: the step ended before it could be recorded.`);
  ports.report(`Command “${command.do}” left no event`, { runId: run.runId, error });
  writer.record({ type: 'run-failing', error: errorData(error, { nodeKey, stepId: 'stepId' in command ? command.stepId : '' }) });
}

/** Everything else is done: the steps that can’t continue fail, and the run with them. */
function failStopped({ state, writer }: DriverContext, first: Stop): void {
  for (const stop of state.stops ?? []) {
    const step = findStep(state, stop.stepId);
    const attempt = step?.attempts.at(-1)?.number ?? 1;
    if (step?.wait?.kind === 'stopped') writer.record({ type: 'step-failed', stepId: step.id, error: stoppedError(stop), handled: false, attempt });
  }
  writer.record({ type: 'run-failing', error: stoppedError(first) });
}

function perform(context: DriverContext, command: Command): boolean {
  switch (command.do) {
    case 'skip':
      context.writer.record({
        type: 'step-skipped',
        stepId: command.stepId,
        nodeKey: command.node.key,
        nodeType: command.node.definition.type,
        round: command.round,
      });
      return true;
    case 'start':
      return beginStep(context, command.node, command.stepId, { attempt: 1, winner: command.winner });
    case 'resume':
      return resumeStep(context, command.node, command.step);
    case 'begin-round':
      beginRound(context, command.edge, command.sourceStepId);
      return true;
    case 'exceed-loop':
      exceedLoop(context, command.edge, command.sourceStepId);
      return true;
    case 'cancel':
      return cancelStep(context, command.step);
    case 'end-item':
      return endItem(context, command.node, command.frame);
    case 'end-items':
      return endItems(context, command.node, command.step, command.container);
    case 'stop':
      failStopped(context, command.stop);
      return true;
    case 'finish':
      finishRun(context);
      return true;
  }
}
