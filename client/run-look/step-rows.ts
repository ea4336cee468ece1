import type { Category } from '@switchyard/nodes/sdk/define-node.ts';
import type { ErrorData } from '@switchyard/shared/errors.ts';
import type { CallRecord, Wait } from '@switchyard/shared/run/events.ts';
import type { ItemCounts, RunState, StepState, StepStatus } from '@switchyard/shared/run/state.ts';

/** A step as both the API and the live fold provide it. */
export interface StepLike {
  readonly id: string;
  readonly nodeKey: string;
  readonly nodeType: string;
  readonly round: number;
  readonly status: StepStatus;
  readonly startedAt?: string | null | undefined;
  readonly endedAt?: string | null | undefined;
  readonly attempts: readonly { readonly startedAt: string; readonly endedAt?: string | undefined; readonly error?: ErrorData | undefined }[];
  readonly calls: readonly CallLike[];
  readonly wait?: Wait | null | undefined;
  /** The live output port. Null if all are live. */
  readonly port?: string | null | undefined;
  readonly error?: ErrorData | null | undefined;
  /** Of a for-each step that has its list. */
  readonly items?: ItemCounts | null | undefined;
  /** Its response marked the run failed. */
  readonly repliedAsFailure?: boolean | undefined;
}

export interface CallLike {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly status: 'running' | 'succeeded' | 'failed';
  readonly startedAt: string;
  readonly endedAt?: string | undefined;
  readonly record?: CallRecord | undefined;
}

/** A span of time, in ms since the epoch. `to` is null while it is open. */
export interface Bar {
  readonly from: number;
  readonly to: number | null;
  /** A failed attempt that was retried is drawn pale. */
  readonly pale: boolean;
}

export interface WaterfallRow {
  readonly id: string;
  readonly label: string;
  readonly round: number;
  readonly category: Category;
  /** `unreached`: the run ended before. `next`: not reached yet. */
  readonly status: StepStatus | 'unreached' | 'next';
  readonly bars: readonly Bar[];
  readonly calls: readonly CallRow[];
}
export interface CallRow {
  readonly id: string;
  readonly label: string;
  readonly status: CallLike['status'] | 'cancelled';
  readonly bar: Bar;
}

export interface NodeName {
  readonly title: string;
  readonly category: Category;
}

const span = (from: string, to: string | null | undefined, pale = false): Bar => ({ from: Date.parse(from), to: to ? Date.parse(to) : null, pale });

function barsOf(step: StepLike): Bar[] {
  if (!step.startedAt) return [];
  if (step.attempts.length === 0) return [span(step.startedAt, step.endedAt)];
  const last = step.attempts.length - 1;
  return step.attempts.map((attempt, index) => span(attempt.startedAt, attempt.endedAt ?? step.endedAt, index < last || step.wait?.kind === 'retry'));
}

/** The label of a call: the model that responded, or the request. */
export function callLabel(call: CallLike): string {
  if (call.record?.kind === 'model') return call.record.demo ? 'demo model' : call.record.model;
  if (call.record?.kind === 'http') return `${call.record.method} ${URL.canParse(call.record.url) ? new URL(call.record.url).host : call.record.url}`;
  return call.kind === 'model' ? 'model' : call.kind === 'http' ? 'request' : call.name;
}

/** A call canceled with its step has not failed. */
const callStatus = (call: CallLike, step: StepLike): CallRow['status'] =>
  step.status === 'cancelled' && call.status !== 'succeeded' ? 'cancelled' : call.status;

type Marked<S> = S & Pick<StepLike, 'repliedAsFailure'>;
type ReplyOf = Pick<RunState, 'reply'>;

/** The step, marked if its response marked the run failed. */
export const markStep = <S extends { readonly id: string }>(step: S, { reply }: ReplyOf): Marked<S> =>
  reply?.outcome === 'failure' && reply.stepId === step.id ? { ...step, repliedAsFailure: true } : step;

/** The steps of a run, marked. */
export const stepsOf = (run: Pick<RunState, 'steps' | 'reply'>): Marked<StepState>[] => [...run.steps.values()].map((step) => markStep(step, run));

/** The displayed status: a step whose response marked the run failed shows as failed. */
export const shownStatus = ({ status, repliedAsFailure }: Pick<StepLike, 'status' | 'repliedAsFailure'>): StepStatus => (repliedAsFailure ? 'failed' : status);

/** The last row of each step. A step is a new object on each change, so an unchanged one keeps its row and isn’t re-rendered. */
const lastRows = new WeakMap<StepLike, WaterfallRow>();

/** Rows of a waterfall, in order of the steps, one per node and round. */
export function stepRows(steps: Iterable<StepLike>, nameOf: (nodeKey: string, nodeType: string) => NodeName): WaterfallRow[] {
  return [...steps].map((step) => {
    const name = nameOf(step.nodeKey, step.nodeType);
    const last = lastRows.get(step);
    if (last && last.label === name.title && last.category === name.category) return last;
    const row = rowOf(step, name);
    lastRows.set(step, row);
    return row;
  });
}

const rowOf = (step: StepLike, { title, category }: NodeName): WaterfallRow => ({
  id: step.id,
  label: title,
  round: step.round,
  category,
  status: shownStatus(step),
  bars: barsOf(step),
  calls: step.calls.map((call) => ({ id: call.id, label: callLabel(call), status: callStatus(call, step), bar: span(call.startedAt, call.endedAt) })),
});
