import type { ErrorData } from '../errors.ts';
import type { StandInFor, Stop } from '../evaluation/stand-ins.ts';
import type { Effect } from '../graph/node-kind.ts';
import type { ResolvedPrompt } from '../model/prompt-ref.ts';
import type { Actor } from './actor.ts';
import { type AddressVersion, frameOf, stepId } from './address.ts';
import type { CallRecord, CancelReason, OnItemError, Reply, RunLabels, TriggerKind, Usage, Wait, WaitEnd } from './events.ts';
import type { RunFacts } from './facts/run-facts.ts';
import type { Fault, FaultKind } from './faults.ts';
import type { Pins } from './pin.ts';

export const RUN_STATUSES = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
export const STEP_STATUSES = ['waiting', 'running', 'succeeded', 'failed', 'skipped', 'cancelled'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

export const isEnded = (status: RunStatus): boolean => status === 'succeeded' || status === 'failed' || status === 'cancelled';

export interface Attempt {
  readonly number: number;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly error?: ErrorData;
}

/** A durable sub-step of a step: a model call, a request, or one that the node names. */
export interface CallState {
  readonly id: string;
  readonly name: string;
  readonly kind: CallRecord['kind'] | 'step';
  readonly status: 'running' | 'succeeded' | 'failed';
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly result?: unknown;
  readonly record?: CallRecord;
  readonly error?: ErrorData;
  /** The run injected it. */
  readonly fault?: FaultKind;
  /** Its answer is a recorded one: nothing was sent. */
  readonly standIn?: StandInFor;
}

/** How far a for-each step is. */
export interface ItemCounts {
  readonly count: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly open: number;
  /** The first items that failed. */
  readonly failures: readonly ItemFailure[];
}

export interface ItemFailure {
  readonly index: number;
  readonly error: ErrorData;
}

/** One node in one round. A new object on each change, so views can compare by reference. */
export interface StepState {
  readonly id: string;
  /** The ID version that the step uses. */
  readonly addresses: AddressVersion;
  readonly nodeKey: string;
  readonly nodeType: string;
  readonly round: number;
  readonly status: StepStatus;
  readonly effect: Effect;
  readonly attempts: readonly Attempt[];
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly input?: unknown;
  readonly output?: unknown;
  /** The branch taken. Null if all are. */
  readonly port?: string | null;
  readonly error?: ErrorData;
  /** `continue-with` replaced an error with a value. */
  readonly recovered?: ErrorData;
  /** The step took its error branch. */
  readonly handled?: boolean;
  readonly wait?: Wait;
  /** When its latest wait began, by the clock that set the due time. */
  readonly waitingSince?: string;
  /** The wait that ended, until the step continues. */
  readonly resolution?: { readonly wait: Wait; readonly by: WaitEnd; readonly value: unknown; readonly at: string; readonly actor?: Actor };
  readonly calls: readonly CallState[];
  readonly usage: Usage;
  readonly costMicros: number;
  /** Calls on a model without a price. `costMicros` has only their known part. */
  readonly unknownPrice: number;
  /** Consecutive crashes that interrupted this step before it made progress (S29a). */
  readonly crashes: number;
  /** Counts its waits, including those of earlier attempts. Numbers the next one. */
  readonly waits: number;
  /** The step was interrupted (by a crash or a handoff) and no driver has resumed it since. */
  readonly interrupted: boolean;
  readonly winner?: string;
  /** The run whose finished step this reuses: rerun from a step. */
  readonly reusedFrom?: string;
  /** Its output is the pinned one: the node didn’t run (S78). */
  readonly pinned?: true;
  readonly cancelReason?: CancelReason;
  readonly effectUnknown?: boolean;
  /** The latest child run that the step waited for. */
  readonly childRunId?: string;
  /** Of a for-each step that has its list. What runs and waits then are the steps of its items. */
  readonly items?: ItemCounts;
}

/** What runs on its own: the top level of a run, or one item of a for-each step, with its own rounds, joins, and loop counts (S33). */
export interface FrameState {
  /** Undefined at the top level. */
  readonly id?: string;
  /** By step ID, in the order of their first event. */
  readonly steps: Map<string, StepState>;
  /** The current round of each node. 1 if absent. */
  readonly rounds: Map<string, number>;
  /** Nodes whose current round was started by a loop edge: they start regardless of their inputs (S1). */
  readonly forced: Set<string>;
  /** How often loop edges restarted this target since it was last started from outside (S7). */
  readonly loopCounts: Map<string, number>;
  /** `loopReturnId` of every loop edge taken, so each is taken once per source step. */
  readonly loopReturns: Set<string>;
  /** Why it fails. */
  error?: ErrorData;
  /** How many steps are running, and how many wait, here and in the items of its for-each steps. */
  runningCount: number;
  waitingCount: number;
  /** How many of them are in flight or between two attempts: they take a slot of their for-each step (S34). */
  busyCount: number;
}

/** An item of a for-each step that has started and not ended. */
export interface OpenFrame extends FrameState {
  readonly id: string;
  readonly containerId: string;
  /** The key of the container. */
  readonly containerKey: string;
  readonly item: number;
  /** The frame around its container. Undefined at the top level. */
  readonly outerId: string | undefined;
}

export type ItemOutcome = { readonly result: unknown; readonly error?: undefined } | { readonly error: ErrorData };

/** A for-each step that runs through its items. Changed in place. */
export interface ContainerState {
  readonly stepId: string;
  readonly nodeKey: string;
  /** The frame that the step is in. Undefined at the top level. */
  readonly outerId: string | undefined;
  /** The list, or a reference to it. */
  readonly items: unknown;
  readonly count: number;
  readonly concurrency: number;
  readonly onItemError: OnItemError;
  /** The first item that hasn’t started. Items start in order. */
  next: number;
  /** By item, in the order of the items. */
  readonly open: Map<number, OpenFrame>;
  /** By item. Sparse. */
  readonly outcomes: (ItemOutcome | undefined)[];
  ended: number;
  /** The item that fails the step. */
  failure?: ItemFailure;
}

/** The state of a run: the fold of its journal, and nothing else. It is also the frame of the top level: `steps` has no steps of items. */
export interface RunState extends FrameState {
  seq: number;
  epoch: number;
  /** What a build must know to read the journal (event-versions.ts). */
  eventVersion: number;
  status: RunStatus;
  workflowId: string;
  version: 'draft' | number;
  trigger: TriggerKind;
  labels: RunLabels;
  prompts?: readonly ResolvedPrompt[];
  policy?: string;
  /** The pinned outputs it takes (S78). */
  pins?: Pins;
  /** It ends at this node (S78a). */
  only?: string;
  /** The faults it injects (S78a). */
  faults?: readonly Fault[];
  /** Its steps that can’t continue without more than reads (S82). */
  stops?: readonly Stop[];
  startedAt?: string;
  endedAt?: string;
  reply?: Reply & { readonly stepId: string };
  cancelling: boolean;
  cancelReason?: string;
  /** The open items of all for-each steps, by frame ID. */
  readonly frames: Map<string, OpenFrame>;
  /** The for-each steps that run through their items, by step ID. */
  readonly containers: Map<string, ContainerState>;
  usage: Usage;
  costMicros: number;
  unknownPrice: number;
  /** The demo model responded at least once. */
  demo: boolean;
  /** Replaced, never changed in place. */
  facts: RunFacts;
  /** Consecutive crashes charged to this run. 0 again once it makes progress (S29a). */
  crashes: number;
  /** How often the run was taken over in the middle of a step since it last made progress. */
  restarts: number;
  /** The process that last took over the run, if recorded. */
  processId?: string;
}

/** The top level of a run, and its open items. */
export function* framesOf(state: RunState): Generator<FrameState> {
  yield state;
  yield* state.frames.values();
}

/** The steps of the top level and of open items. */
export function* openSteps(state: RunState): Generator<StepState> {
  for (const { steps } of framesOf(state)) yield* steps.values();
}

/** A step by its ID, unless its item has ended. */
export function findStep(state: RunState, id: string): StepState | undefined {
  const frame = frameOf(id);
  return (frame === undefined ? state : state.frames.get(frame))?.steps.get(id);
}

/** The frame of a step. Undefined if it isn’t open. */
export function frameOfStep(state: RunState, id: string): FrameState | undefined {
  const frame = frameOf(id);
  return frame === undefined ? state : state.frames.get(frame);
}

/** The frame around an item. */
export const outerOf = (state: RunState, { outerId }: Pick<OpenFrame, 'outerId'>): FrameState | undefined =>
  outerId === undefined ? state : state.frames.get(outerId);

/** Whether a step itself runs. A for-each step with its list doesn’t: the steps of its items do. */
export const isRunning = ({ status, items }: StepState): boolean => status === 'running' && items === undefined;

/** Steps that a driver was running. After a crash, these were interrupted. */
export const inFlight = (state: RunState): StepState[] => [...openSteps(state)].filter((step) => isRunning(step) && !step.interrupted);

export const roundOf = (frame: Pick<FrameState, 'rounds'>, nodeKey: string): number => frame.rounds.get(nodeKey) ?? 1;
/** A node's step in its current round, if it has started or was skipped. */
export const currentStep = (frame: Pick<FrameState, 'id' | 'rounds' | 'steps'>, nodeKey: string): StepState | undefined =>
  frame.steps.get(stepId(nodeKey, roundOf(frame, nodeKey), frame.id));
