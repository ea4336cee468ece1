import { AppError, type ErrorData } from '@switchyard/shared/errors.ts';
import { OVER_COST, type StandInFor, type StandIns, type Stop, type StopReason } from '@switchyard/shared/evaluation/stand-ins.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { ReviewTask, RunEventOf } from '@switchyard/shared/run/events.ts';
import type { RunState } from '@switchyard/shared/run/state.ts';
import type { NewEvent } from '../journal-writer.ts';
import type { PlanNode } from '../plan.ts';
import type { AcceptedRun, EnginePorts } from '../ports.ts';
import { entry } from '../rerun.ts';
import { errorData } from '../steps/failure.ts';
import {
  askedBy,
  callbackKey,
  kindOf,
  noRecording,
  type RecordedAnswer,
  type RecordedEnd,
  type Recording,
  readRecording,
  startKey,
  type TypedNode,
} from './recording.ts';
import { askedOfPerson, requestHash } from './request-hash.ts';

/*
 * Answers the calls of a run that performs only reads (S82, S82a). Invariants: 1. A recorded response is used once. 2. An effect is performed only
 * if it is allowed for its node. 3. The same journal leaves the same answers, so it makes no difference which driver continues the run.
 */

/** A call that is about to be made. */
export interface AskedCall {
  readonly node: PlanNode;
  readonly kind: string;
  readonly name: string;
  readonly request: string;
  /** It has no effect. */
  readonly isRead: boolean;
}

export type Verdict =
  | { readonly do: 'replay'; readonly answer: RecordedAnswer }
  /** The node has this output, without the call. */
  | { readonly do: 'give'; readonly output: unknown }
  | { readonly do: 'perform' }
  | { readonly do: 'stop'; readonly why: StopReason; readonly what: string };

export interface StandInDesk {
  judge(call: AskedCall): Verdict;
  /** How the wait of a step ends at once. Undefined if it really waits: for a child run. */
  endOf(
    node: PlanNode,
    waiting: RunEventOf<'step-waiting'>['wait'] | { readonly kind: 'retry'; readonly id: string },
    task?: ReviewTask,
  ): WaitVerdict | undefined;
  /** Asks a model. Throws `stopped` if the call could cost more than the rest of the limit. */
  spend<T>(node: PlanNode, ask: () => Promise<T>): Promise<T>;
  /** When an attempt of a step started in the recorded run, in ms since 1970, or else the start of that run. Undefined without one. */
  nowOf(stepId: string, attempt: number): number | undefined;
  /** What expressions see instead of this run’s own. */
  readonly original: Original | undefined;
  /** A recorded value as it may enter this run. */
  enter(value: unknown): Promise<unknown>;
}

/** The run that is replayed, as expressions see it. */
export interface Original {
  readonly runId: string;
  readonly startedAt: string | null;
}

type WaitVerdict =
  | Pick<RunEventOf<'wait-ended'>, 'by' | 'value' | 'actor' | 'standIn'>
  /** Nothing is recorded of how it ends. */
  | { readonly why: StopReason; readonly what: string };

/** Undefined for a run that performs its effects. */
export async function openDesk(ports: EnginePorts, run: AcceptedRun, state: RunState): Promise<StandInDesk | undefined> {
  const { standIns } = run;
  if (!standIns) return undefined;
  const { source } = standIns;
  const recording = source === undefined ? noRecording() : await readRecording(ports, run.workspaceId, source);
  // The run may have used some of it before another driver took it over.
  if (state.seq > 0) dropUsed(recording, await ports.readJournal(run));
  const enter = entry(ports, run);
  if (run.policy !== undefined) await enterEnds(recording, enter);
  // A child run that is replayed belongs to the recorded child.
  const original = source === undefined ? undefined : { runId: source, startedAt: recording.startedAt };
  return createDesk({ standIns, recording, original, enter });
}

async function enterEnds({ ends }: Recording, enter: StandInDesk['enter']): Promise<void> {
  for (const list of ends.values()) for (const [index, end] of list.entries()) list[index] = { ...end, value: await enter(end.value) };
}

const useOf = ({ runId, seq }: StandInFor): string => `${runId} ${seq}`;

function dropUsed({ answers, ends }: Recording, journal: Awaited<ReturnType<EnginePorts['readJournal']>>): void {
  const used = new Set(journal.flatMap((event) => ('standIn' in event && event.standIn ? [useOf(event.standIn)] : [])));
  if (used.size === 0) return;
  for (const lists of [answers, ends]) {
    for (const list of lists.values()) {
      const left = list.filter(({ from }: RecordedAnswer | RecordedEnd) => !used.has(useOf(from)));
      list.splice(0, list.length, ...(left as never[]));
    }
  }
}

interface Parts {
  readonly standIns: StandIns;
  readonly recording: Recording;
  readonly original: Original | undefined;
  readonly enter: StandInDesk['enter'];
}

const typed = ({ definition, typeVersion }: PlanNode): TypedNode => ({ type: definition.type, typeVersion });

function createDesk({ standIns, recording, original, enter }: Parts): StandInDesk {
  const { recorded = {}, allow = [], decision } = standIns;
  const { answers, ends, starts } = recording;
  const spend: StandInDesk['spend'] = ({ title }, ask) =>
    ask().catch((thrown: unknown) => {
      if (stopIn(thrown)?.why !== OVER_COST) throw thrown;
      throw stopError({ why: OVER_COST, what: `Would ask a model at “${title}”, but that could cost more than the rest of the limit` });
    });
  const judge = ({ node, kind, name, request, isRead }: AskedCall): Verdict => {
    // An experiment measures what a model says now, and what it costs.
    const isMeasured = standIns.as === 'experiment' && (isRead || kind === 'model');
    const answer = isMeasured ? undefined : answers.get(askedBy(typed(node), kindOf({ kind, name }), request))?.shift();
    if (answer) return { do: 'replay', answer };
    if (Object.hasOwn(recorded, node.key)) return { do: 'give', output: recorded[node.key] };
    if (isRead || allow.includes(node.key)) return { do: 'perform' };
    return { do: 'stop', why: 'would-call', what: `Would call “${node.title}”` };
  };
  const ended = (key: string): WaitVerdict | undefined => {
    const end = ends.get(key)?.shift();
    return end && { by: end.by, value: end.value, standIn: end.from, ...(end.actor && { actor: end.actor }) };
  };
  const endOf: StandInDesk['endOf'] = (node, wait, task) => {
    switch (wait.kind) {
      case 'run':
      case 'stopped':
        return undefined;
      case 'timer':
      case 'retry':
        return { by: 'timer', value: null, actor: { kind: 'system', id: 'timer' } };
      case 'callback':
        return ended(callbackKey(typed(node), node.key)) ?? { why: 'would-wait', what: `Would wait for a callback at “${node.title}”` };
      case 'review': {
        const found = ended(askedBy(typed(node), 'review', requestHash(askedOfPerson(task ?? wait.task))));
        return found ?? given(decision) ?? { why: 'would-ask', what: `Would ask a person at “${node.title}”` };
      }
      default:
        return { why: 'would-ask', what: `Would ask a person at “${node.title}”` };
    }
  };
  const nowOf = (stepId: string, attempt: number): number | undefined => {
    const at = starts.get(startKey(stepId, attempt)) ?? starts.get(startKey(stepId, 1)) ?? original?.startedAt;
    return at ? Date.parse(at) : undefined;
  };
  return { judge, spend, endOf, nowOf, original, enter };
}

function given(decision: StandIns['decision']): WaitVerdict | undefined {
  if (decision === undefined) return undefined;
  return { by: 'decision', value: typeof decision === 'string' ? { decision } : decision, actor: { kind: 'system', id: 'given-decision' } };
}

/** The error of a step that can’t continue, and of the run once nothing else is left to do. */
export const stopError = ({ why, what }: Pick<Stop, 'why' | 'what'>): AppError => new AppError('stopped', what, { details: { why } });

export const stoppedError = (stop: Stop): ErrorData => errorData(stopError(stop), stop);

/** What stopped a step, if this error says so: its own call, or one of the child run that it waited for. */
export function stopIn(thrown: unknown): Pick<Stop, 'why' | 'what'> | undefined {
  if (!(thrown instanceof AppError)) return undefined;
  const cause = thrown.code === 'child-failed' && isPlainObject(thrown.details.cause) ? thrown.details.cause : thrown;
  if (cause.code !== 'stopped' || !isPlainObject(cause.details)) return undefined;
  return { why: cause.details.why as StopReason, what: String(cause.message) };
}

/** The error of a recorded call. What was attempted again then may be attempted again now. */
export const recordedError = ({ code, message, details }: ErrorData, wasRetried: boolean): AppError =>
  new AppError(code, message, { beforeEffect: wasRetried, ...(details && { details }) });

/** The event that ends a wait at once. */
export const waitEvent = (stepId: string, waitId: string, verdict: WaitVerdict): NewEvent =>
  'why' in verdict ? { type: 'step-stopped', stepId, waitId, ...verdict } : { type: 'wait-ended', stepId, waitId, ...verdict };
