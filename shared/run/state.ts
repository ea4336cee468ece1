import type { ErrorData } from '../errors.ts';
import type { Effect } from '../graph/node-kind.ts';
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

/** A durable sub-step of a step: a model call, a request, or one of the node's own. */
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

/** One node in one round. A new object on each change, so that a view can compare by reference. */
export interface StepState {
  readonly id: string;
  /** The version of the ids that the step forms. */
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
  /** The out-port that is live; null when all are. */
  readonly port?: string | null;
  readonly error?: ErrorData;
  /** An error was turned into a value by `continue-with`. */
  readonly recovered?: ErrorData;
  /** The error port is live. */
  readonly handled?: boolean;
  readonly wait?: Wait;
  /** The wait that has ended, until the step goes on. */
  readonly resolution?: { readonly wait: Wait; readonly by: 'decision' | 'timer'; readonly value: unknown; readonly at: string };
  readonly calls: readonly CallState[];
  readonly usage: Usage;
  readonly costMicros: number;
  /** Crashes in a row that cut this step off before it got any further (S29a). */
  readonly crashes: number;
  /** Counts its waits, those before another attempt included; numbers the next one. */
  readonly waits: number;
  /** The step was cut off (crash or handed back) and no driver has taken it up since. */
  readonly interrupted: boolean;
  readonly winner?: string;
  /** The run whose finished step this is: rerun from a step. */
  readonly reusedFrom?: string;
  readonly cancelReason?: CancelReason;
  readonly effectUnknown?: boolean;
}

/** What a run is: the fold of its journal, nothing else. */
export interface RunState {
  seq: number;
  epoch: number;
  status: RunStatus;
  workflowId: string;
  version: 'draft' | number;
  trigger: TriggerKind;
  labels: RunLabels;
  startedAt?: string;
  endedAt?: string;
  reply?: Reply & { readonly stepId: string };
  error?: ErrorData;
  cancelling: boolean;
  cancelReason?: string;
  /** By step id, in the order of their first event. */
  readonly steps: Map<string, StepState>;
  /** The round a node is in; 1 where it is not named. */
  readonly rounds: Map<string, number>;
  /** Nodes whose current round was begun by a way back: they start whatever their ways in say (S1). */
  readonly forced: Set<string>;
  /** Takings of a way back to this target since it was last restarted from outside (S7). */
  readonly takings: Map<string, number>;
  /** `loopReturnId` of each loop edge that was taken, so each is taken once. */
  readonly taken: Set<string>;
  usage: Usage;
  costMicros: number;
  /** How many steps have the status running, and waiting. */
  runningCount: number;
  waitingCount: number;
  /** Crashes in a row that are charged to this run; 0 again once it gets further (S29a). */
  crashes: number;
  /** How often the run was taken over in the middle of a step since it last got further. */
  restarts: number;
  /** The process that took the run over last, where that was recorded. */
  processId?: string;
}

/** Steps that a driver was running. After a crash, these were cut off. */
export const inFlight = (state: RunState): StepState[] => [...state.steps.values()].filter((step) => step.status === 'running' && !step.interrupted);

export const roundOf = (state: Pick<RunState, 'rounds'>, nodeKey: string): number => state.rounds.get(nodeKey) ?? 1;
/** The step of a node in the round it is in, if it has begun or was skipped. */
export const currentStep = (state: Pick<RunState, 'rounds' | 'steps'>, nodeKey: string): StepState | undefined =>
  state.steps.get(stepId(nodeKey, roundOf(state, nodeKey)));
