import type { ErrorData } from '../errors.ts';
import type { Effect } from '../graph/node-kind.ts';
import type { ResolvedPrompt } from '../model/prompt-ref.ts';
import type { Actor } from './actor.ts';
import { type AddressVersion, stepId } from './address.ts';
import type { CallRecord, CancelReason, Reply, RunLabels, TriggerKind, Usage, Wait } from './events.ts';

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
  readonly resolution?: { readonly wait: Wait; readonly by: 'decision' | 'timer'; readonly value: unknown; readonly at: string; readonly actor?: Actor };
  readonly calls: readonly CallState[];
  readonly usage: Usage;
  readonly costMicros: number;
  /** Consecutive crashes that interrupted this step before it made progress (S29a). */
  readonly crashes: number;
  /** Counts its waits, including those of earlier attempts. Numbers the next one. */
  readonly waits: number;
  /** The step was interrupted (by a crash or a handoff) and no driver has resumed it since. */
  readonly interrupted: boolean;
  readonly winner?: string;
  /** The run whose finished step this reuses: rerun from a step. */
  readonly reusedFrom?: string;
  readonly cancelReason?: CancelReason;
  readonly effectUnknown?: boolean;
}

/** The state of a run: the fold of its journal, and nothing else. */
export interface RunState {
  seq: number;
  epoch: number;
  status: RunStatus;
  workflowId: string;
  version: 'draft' | number;
  trigger: TriggerKind;
  labels: RunLabels;
  prompts?: readonly ResolvedPrompt[];
  policy?: string;
  startedAt?: string;
  endedAt?: string;
  reply?: Reply & { readonly stepId: string };
  error?: ErrorData;
  cancelling: boolean;
  cancelReason?: string;
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
  usage: Usage;
  costMicros: number;
  /** How many steps are running, and how many wait. */
  runningCount: number;
  waitingCount: number;
  /** Consecutive crashes charged to this run. 0 again once it makes progress (S29a). */
  crashes: number;
  /** How often the run was taken over in the middle of a step since it last made progress. */
  restarts: number;
  /** The process that last took over the run, if recorded. */
  processId?: string;
}

/** Steps that a driver was running. After a crash, these were interrupted. */
export const inFlight = (state: RunState): StepState[] => [...state.steps.values()].filter((step) => step.status === 'running' && !step.interrupted);

export const roundOf = (state: Pick<RunState, 'rounds'>, nodeKey: string): number => state.rounds.get(nodeKey) ?? 1;
/** A node's step in its current round, if it has started or was skipped. */
export const currentStep = (state: Pick<RunState, 'rounds' | 'steps'>, nodeKey: string): StepState | undefined =>
  state.steps.get(stepId(nodeKey, roundOf(state, nodeKey)));
