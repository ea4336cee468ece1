import type { ErrorData } from '../errors.ts';
import { loopReturnId } from './address.ts';
import { addCost, type CostSum, costOfCall, NO_COST } from './cost.ts';
import { sinceOf } from './event-versions.ts';
import type { JournalEvent, RunEventOf, RunEventType, Usage } from './events.ts';
import { withCall, withException, withFinish, withWait, withWaitEnd } from './facts/gather-facts.ts';
import { NO_FACTS } from './facts/run-facts.ts';
import { closeContainer, count, endFrame, frameFor, isAnyCountChanged, listItems, ownLoops } from './frames.ts';
import { type CallState, type FrameState, findStep, frameOfStep, inFlight, isEnded, isRunning, openSteps, type RunState, type StepState } from './state.ts';
import { addUsage, NO_USAGE } from './usage.ts';

/*
 * The only interpretation of a journal: engine, page, replay, and tests fold with this.
 * Invariants: 1. Applying events 1..n in order gives the same state everywhere. 2. An event at or below `state.seq` changes
 * nothing, so a batch may be applied twice. 3. A step that changes is a new object, never updated in place.
 */

type JournalEventOf<T extends RunEventType> = Extract<JournalEvent, { type: T }>;

export const emptyRun = (): RunState => ({
  seq: 0,
  epoch: 0,
  eventVersion: 0,
  status: 'queued',
  workflowId: '',
  version: 'draft',
  trigger: 'api',
  labels: {},
  cancelling: false,
  steps: new Map(),
  rounds: new Map(),
  forced: new Set(),
  loopCounts: new Map(),
  loopReturns: new Set(),
  runningCount: 0,
  waitingCount: 0,
  busyCount: 0,
  frames: new Map(),
  containers: new Map(),
  usage: NO_USAGE,
  ...NO_COST,
  demo: false,
  facts: NO_FACTS,
  crashes: 0,
  restarts: 0,
});

const newStep = (event: { stepId: string; nodeKey: string; nodeType: string; round: number; v?: 1 }): Omit<StepState, 'status'> => ({
  id: event.stepId,
  addresses: event.v ?? 2,
  nodeKey: event.nodeKey,
  nodeType: event.nodeType,
  round: event.round,
  effect: 'pure',
  attempts: [],
  calls: [],
  usage: NO_USAGE,
  ...NO_COST,
  crashes: 0,
  waits: 0,
  interrupted: false,
});

function put(state: RunState, step: StepState): void {
  const frame = frameFor(state, step.id);
  if (!frame) return;
  const before = frame.steps.get(step.id);
  if (isAnyCountChanged(before, step)) {
    if (before) count(state, frame, before, -1);
    count(state, frame, step, 1);
  }
  frame.steps.set(step.id, step);
}

const change = (state: RunState, id: string, next: (step: StepState) => StepState): void => {
  const step = findStep(state, id);
  if (step) put(state, next(step));
};

const without = <K extends keyof StepState>(step: StepState, ...names: K[]): StepState => {
  if (!names.some((name) => name in step)) return step;
  const rest = { ...step };
  for (const name of names) delete (rest as Partial<StepState>)[name];
  return rest;
};

function endAttempt(step: StepState, at: string, error?: StepState['error']): StepState['attempts'] {
  const last = step.attempts.at(-1);
  if (!last || last.endedAt) return step.attempts;
  return [...step.attempts.slice(0, -1), { ...last, endedAt: at, ...(error && { error }) }];
}

/** When a step ends for another reason, its running calls end too. */
const endCalls = (step: StepState, at: string): StepState['calls'] =>
  step.calls.some((call) => call.status === 'running')
    ? step.calls.map((call): CallState => (call.status === 'running' ? { ...call, status: 'failed', endedAt: at } : call))
    : step.calls;

/** What a call cost. */
export function spentIn(event: RunEventOf<'call-finished'> | RunEventOf<'call-failed'>): { readonly usage: Usage; readonly cost: CostSum } {
  if (event.standIn) return { usage: NO_USAGE, cost: NO_COST };
  if (event.record?.kind === 'model') return { usage: event.record.usage, cost: costOfCall(event.record) };
  if (event.type !== 'call-failed' || !event.spent) return { usage: NO_USAGE, cost: NO_COST };
  const { usage, costMicros, knownMicros = 0 } = event.spent;
  return { usage, cost: costOfCall({ costMicros, attempts: [{ costMicros: knownMicros }] }) };
}

function endCall(state: RunState, event: RunEventOf<'call-finished'> | RunEventOf<'call-failed'>): void {
  const { usage, cost } = spentIn(event);
  change(state, event.stepId, (step) => {
    const begun = step.calls.find((call) => call.id === event.callId);
    const call: CallState = {
      ...(begun ?? { id: event.callId, name: event.name, kind: event.record?.kind ?? 'step', startedAt: event.at }),
      status: event.type === 'call-finished' ? 'succeeded' : 'failed',
      endedAt: event.at,
      ...(event.type === 'call-finished' ? { result: event.result } : { error: event.error }),
      ...(event.record && { record: event.record }),
      ...(event.standIn && { standIn: event.standIn }),
    };
    return {
      ...step,
      calls: begun ? step.calls.map((other) => (other.id === event.callId ? call : other)) : [...step.calls, call],
      usage: usage === NO_USAGE ? step.usage : addUsage(step.usage, usage),
      ...addCost(step, cost),
    };
  });
  if (usage !== NO_USAGE) state.usage = addUsage(state.usage, usage);
  Object.assign(state, addCost(state, cost));
  if (event.record?.kind !== 'model') return;
  if (event.record.demo) state.demo = true;
  const step = event.type === 'call-finished' ? findStep(state, event.stepId) : undefined;
  if (step) state.facts = withCall(state.facts, step.nodeKey, event.record);
}

/** An attempt keeps the wait it continues from until it ends. A new attempt starts without one. */
const startedAgain = (before: StepState, goesOn: boolean): StepState =>
  goesOn ? without(before, 'wait', 'error', 'endedAt') : without(before, 'wait', 'error', 'endedAt', 'resolution');

function startStep(state: RunState, event: JournalEventOf<'step-started'>): void {
  const before = findStep(state, event.stepId);
  const goesOn = before?.attempts.at(-1)?.number === event.attempt;
  const base = before ? startedAgain(before, goesOn) : newStep(event);
  const attempts = before && goesOn ? before.attempts : [...(before ? endAttempt(before, event.at) : []), { number: event.attempt, startedAt: event.at }];
  put(state, {
    ...base,
    status: 'running',
    effect: event.effect,
    input: event.input,
    startedAt: before?.startedAt ?? event.at,
    attempts,
    interrupted: false,
    ...(event.winner !== undefined && { winner: event.winner }),
  });
}

function interrupt(state: RunState, ids: Iterable<string>, at: string): void {
  for (const id of ids) change(state, id, (step) => ({ ...step, interrupted: true, calls: endCalls(step, at) }));
}

const runningSteps = (state: RunState): StepState[] => [...openSteps(state)].filter(isRunning);

/** Takes over the run: running steps are interrupted. Events of 0.1 don't carry the count, so each interruption counts as a crash. */
function changeDriver(state: RunState, event: RunEventOf<'driver-changed'>): void {
  state.epoch = event.epoch;
  if (event.processId !== undefined) state.processId = event.processId;
  const cut = inFlight(state).map((step) => step.id);
  if (cut.length > 0) state.restarts++;
  interrupt(state, cut, event.at);
  setCrashes(state, event.crashes ?? state.crashes + (cut.length > 0 ? 1 : 0));
}

function setCrashes(state: RunState, crashes: number): void {
  state.crashes = crashes;
  for (const step of runningSteps(state)) if (step.crashes !== crashes) change(state, step.id, (before) => ({ ...before, crashes }));
}

/** Whether the event is progress. Restarting an interrupted step is not (S29a). */
function isProgress(state: RunState, event: JournalEvent): boolean {
  switch (event.type) {
    case 'driver-changed':
    case 'driver-released':
    case 'cancel-requested':
    case 'call-failed':
      return false;
    case 'step-started':
      return findStep(state, event.stepId)?.interrupted !== true;
    case 'call-started':
      return !findStep(state, event.stepId)?.calls.some((call) => call.id === event.callId);
    default:
      return true;
  }
}

/** Progress resets the crash counts to 0. */
function forgetCrashes(state: RunState): void {
  state.restarts = 0;
  setCrashes(state, 0);
}

function startRound(frame: FrameState, event: RunEventOf<'round-started'>): void {
  frame.loopReturns.add(loopReturnId(event.edgeId, event.sourceStepId));
  for (const { nodeKey, round } of event.members) {
    frame.rounds.set(nodeKey, round);
    frame.forced.delete(nodeKey);
    if (nodeKey !== event.targetKey) frame.loopCounts.delete(nodeKey);
  }
  frame.forced.add(event.targetKey);
  frame.loopCounts.set(event.targetKey, (frame.loopCounts.get(event.targetKey) ?? 0) + 1);
}

/** Ends a step. Those of the items it was running through end with it. */
function end(state: RunState, id: string, next: (step: StepState) => StepState): void {
  closeContainer(state, id);
  change(state, id, next);
}

/** A step that takes its error branch. */
function noteHandled(state: RunState, handled: boolean, id: string, error: ErrorData): void {
  const step = handled ? findStep(state, id) : undefined;
  if (step) state.facts = withException(state.facts, step.nodeKey, 'error', error.code);
}

type Appliers = { [T in RunEventType]: (state: RunState, event: JournalEventOf<T>) => void };

const appliers: Appliers = {
  'run-started': (state, event) => {
    state.epoch = 1;
    state.workflowId = event.workflowId;
    state.version = event.version;
    state.trigger = event.trigger;
    state.labels = event.labels;
    if (event.prompts) state.prompts = event.prompts;
    if (event.policy !== undefined) state.policy = event.policy;
    if (event.pins) state.pins = event.pins;
    if (event.only !== undefined) state.only = event.only;
    if (event.faults) state.faults = event.faults;
    if (event.processId !== undefined) state.processId = event.processId;
    state.startedAt = event.at;
  },
  'step-started': startStep,
  'call-started': (state, event) =>
    change(state, event.stepId, (step) => ({
      ...step,
      calls: [
        ...step.calls.filter((call) => call.id !== event.callId),
        { id: event.callId, name: event.name, kind: event.kind, status: 'running', startedAt: event.at, ...(event.fault && { fault: event.fault }) },
      ],
    })),
  'call-finished': endCall,
  'call-failed': endCall,
  'attempt-failed': (state, event) =>
    change(state, event.stepId, (step) => ({
      ...step,
      status: 'waiting',
      attempts: endAttempt(step, event.at, event.error),
      calls: endCalls(step, event.at),
      wait: { kind: 'retry', id: event.waitId, dueAt: event.retryAt },
      waitingSince: event.at,
      // Version 1 numbered this wait by its attempt.
      waits: step.addresses === 1 ? step.waits : step.waits + 1,
      interrupted: false,
    })),
  'step-waiting': (state, event) => {
    state.facts = withWait(state.facts, findStep(state, event.stepId), event.wait);
    change(state, event.stepId, (step) => ({
      ...without(step, 'resolution'),
      status: 'waiting',
      wait: event.wait,
      ...(event.wait.kind === 'run' && { childRunId: event.wait.runId }),
      waitingSince: event.at,
      waits: step.waits + 1,
      interrupted: false,
    }));
  },
  'wait-ended': (state, event) => {
    const step = findStep(state, event.stepId);
    if (step?.wait?.id !== event.waitId) return;
    state.facts = withWaitEnd(state.facts, step, event);
    put(state, {
      ...without(step, 'wait'),
      status: 'running',
      interrupted: true,
      resolution: { wait: step.wait, by: event.by, value: event.value, at: event.at, ...(event.actor && { actor: event.actor }) },
    });
  },
  'step-stopped': (state, { stepId, waitId, why, what }) => {
    const step = findStep(state, stepId);
    if (!step) return;
    put(state, { ...without(step, 'resolution'), status: 'waiting', wait: { kind: 'stopped', id: waitId, why }, interrupted: false });
    state.stops = [...(state.stops ?? []), { stepId, nodeKey: step.nodeKey, why, what }];
  },
  'step-finished': (state, event) => {
    const before = findStep(state, event.stepId);
    if (before) state.facts = withFinish(state.facts, before, event);
    end(state, event.stepId, (step) => ({
      ...without(step, 'wait', 'error', 'resolution'),
      status: 'succeeded',
      endedAt: event.at,
      output: event.output,
      port: event.port,
      attempts: endAttempt(step, event.at),
      interrupted: false,
      ...(event.recovered && { recovered: event.recovered }),
    }));
    if (event.reply && !state.reply) state.reply = { ...event.reply, stepId: event.stepId };
  },
  'step-failed': (state, event) => {
    noteHandled(state, event.handled, event.stepId, event.error);
    end(state, event.stepId, (step) => ({
      ...without(step, 'wait', 'resolution'),
      status: 'failed',
      endedAt: event.at,
      error: event.error,
      handled: event.handled,
      attempts: endAttempt(step, event.at, event.error),
      calls: endCalls(step, event.at),
      interrupted: false,
    }));
    const frame = frameOfStep(state, event.stepId);
    if (frame && !event.handled) frame.error ??= event.error;
  },
  'step-skipped': (state, event) => put(state, { ...newStep(event), status: 'skipped', endedAt: event.at }),
  'step-cancelled': (state, event) =>
    end(state, event.stepId, (step) => ({
      ...without(step, 'wait', 'resolution'),
      status: 'cancelled',
      endedAt: event.at,
      cancelReason: event.reason,
      attempts: endAttempt(step, event.at),
      calls: endCalls(step, event.at),
      interrupted: false,
      ...(event.effectUnknown && { effectUnknown: true }),
    })),
  'loop-exceeded': (state, event) => {
    noteHandled(state, true, event.sourceStepId, event.error);
    change(state, event.sourceStepId, (step) => ({ ...without(step, 'output', 'port'), status: 'failed', error: event.error, handled: true }));
  },
  'round-started': (state, event) => {
    const frame = frameOfStep(state, event.sourceStepId);
    if (frame) startRound(ownLoops(frame), event);
  },
  'step-reused': (state, event) => {
    put(state, {
      ...newStep(event),
      ...(event.error ? { status: 'failed', error: event.error, handled: true } : { status: 'succeeded' }),
      startedAt: event.at,
      endedAt: event.at,
      input: event.input,
      output: event.output,
      port: event.port,
      ...(event.pinned ? { pinned: true } : { reusedFrom: event.fromRunId }),
      ...(event.recovered && { recovered: event.recovered }),
    });
    if (event.reply && !state.reply) state.reply = { ...event.reply, stepId: event.stepId };
  },
  'items-listed': listItems,
  'frame-finished': (state, { frameId, result }) => endFrame(state, frameId, { result }),
  'frame-failed': (state, { frameId, error }) => endFrame(state, frameId, { error }),
  'frame-failing': (state, event) => {
    const frame = state.frames.get(event.frameId);
    if (frame) frame.error ??= event.error;
  },
  'run-failing': (state, event) => {
    state.error ??= event.error;
  },
  'cancel-requested': (state, event) => {
    state.cancelling = true;
    if (event.reason !== undefined) state.cancelReason = event.reason;
  },
  'driver-changed': changeDriver,
  'driver-released': (state, event) => interrupt(state, event.interrupted, event.at),
  'run-finished': (state, event) => {
    state.status = event.status;
    state.endedAt = event.at;
    if (event.error) state.error = event.error;
    else delete state.error;
  },
};

/** Applies one event to a run's state, in place. See the invariants above. */
export function applyEvent(state: RunState, event: JournalEvent): void {
  if (event.seq <= state.seq) return;
  state.seq = event.seq;
  state.eventVersion = Math.max(state.eventVersion, sinceOf(event.type));
  if ((state.crashes > 0 || state.restarts > 0) && isProgress(state, event)) forgetCrashes(state);
  (appliers[event.type] as (state: RunState, event: JournalEvent) => void)(state, event);
  if (!isEnded(state.status) && state.startedAt) {
    state.status = state.runningCount === 0 && state.waitingCount > 0 ? 'waiting' : 'running';
  }
}

/** The state of a run after these events, which must start at seq 1 or continue where `from` ended. */
export function fold(events: Iterable<JournalEvent>, from: RunState = emptyRun()): RunState {
  for (const event of events) applyEvent(from, event);
  return from;
}
