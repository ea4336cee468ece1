import type { ErrorData } from '@switchyard/shared/errors.ts';
import type { StandInFor } from '@switchyard/shared/evaluation/stand-ins.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { Actor } from '@switchyard/shared/run/actor.ts';
import type { CallRecord, JournalEvent, ReviewTask, RunEventOf, WaitEnd } from '@switchyard/shared/run/events.ts';
import { isRemoved } from '@switchyard/shared/run/removed.ts';
import type { AcceptedRun, EnginePorts } from '../ports.ts';
import { pausedUntil } from '../steps/failure.ts';
import { askedOfPerson, requestHash } from './request-hash.ts';

/*
 * What a run recorded, arranged so that a replay finds it (S82a). Answers and decisions are found by their request, never by their step. Owns
 * nothing: it is computed from the journal.
 */

/** How a recorded call ended. */
export interface RecordedAnswer {
  readonly from: StandInFor;
  readonly end: RunEventOf<'call-finished'> | { readonly type: 'call-failed'; readonly error: ErrorData; readonly record?: CallRecord };
  /** The step was attempted again after it. */
  wasRetried: boolean;
}

/** How a recorded wait for a person or a callback ended. */
export interface RecordedEnd {
  readonly from: StandInFor;
  readonly by: WaitEnd;
  readonly value: unknown;
  readonly actor: Actor | undefined;
}

export interface Recording {
  /** By request (`askedBy`), in the order in which the calls were made. */
  readonly answers: Map<string, RecordedAnswer[]>;
  readonly ends: Map<string, RecordedEnd[]>;
  /** When an attempt of a step started, by step and attempt. */
  readonly starts: Map<string, string>;
  /** When the run itself started. Null if its journal was removed. */
  startedAt: string | null;
}

/** A node type in the version of its params. */
export interface TypedNode {
  readonly type: string;
  readonly typeVersion: number;
}

/** What two calls that are the same have in common. */
export const askedBy = ({ type, typeVersion }: TypedNode, kind: string, request: string): string => `${type}@${typeVersion} ${kind} ${request}`;
export const startKey = (stepId: string, attempt: number): string => `${stepId} ${attempt}`;
/** The same for callbacks, which ask nothing: each node has its own. */
export const callbackKey = (node: TypedNode, nodeKey: string): string => askedBy(node, 'callback', nodeKey);

/** How many reruns of reruns are followed to find the answers of reused steps. */
const MOST_RUNS = 10;

export const noRecording = (): Recording => ({ answers: new Map(), ends: new Map(), starts: new Map(), startedAt: null });

/** Reads what a run recorded, and, of steps that it reused, what the runs before it did. Empty if its journal was removed. */
export async function readRecording(ports: EnginePorts, workspaceId: string, runId: string): Promise<Recording> {
  const recording: Recording = noRecording();
  const seen = new Set<string>();
  const ahead = [runId];
  for (let next = ahead.shift(); next !== undefined && seen.size < MOST_RUNS; next = ahead.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const run = await ports.loadRun(next);
    if (!run || run.workspaceId !== workspaceId) continue;
    const journal = await ports.readJournal(run);
    if (seen.size === 1) recording.startedAt = journal[0]?.at ?? null;
    await addJournal(recording, { ports, run, graph: await ports.loadGraph(run), isOwn: seen.size === 1 }, journal);
    for (const event of journal) {
      if ((event.type === 'step-reused' || event.type === 'frame-finished') && event.fromRunId !== undefined) ahead.push(event.fromRunId);
    }
  }
  return recording;
}

interface Source {
  readonly ports: EnginePorts;
  readonly run: AcceptedRun;
  readonly graph: Graph;
  /** It is the run that is replayed, not one before it. */
  readonly isOwn: boolean;
}

interface Step {
  readonly node: TypedNode;
  readonly nodeKey: string;
  /** Calls without an end, by call ID. */
  readonly open: Map<string, OpenCall>;
  last?: RecordedAnswer;
}

interface OpenCall {
  readonly from: StandInFor;
  readonly answers: (RecordedAnswer | undefined)[];
  readonly at: number;
}

async function addJournal(recording: Recording, { ports, run, graph, isOwn }: Source, journal: readonly JournalEvent[]): Promise<void> {
  const versions = new Map(graph.nodes.map(({ data }) => [data.key, data.typeVersion]));
  const steps = new Map<string, Step>();
  const waits = new Map<string, string>();
  const made = new Map<string, (RecordedAnswer | undefined)[]>();
  for (const event of journal) {
    const step = 'stepId' in event ? steps.get(event.stepId) : undefined;
    if (event.type === 'step-started') {
      const node = { type: event.nodeType, typeVersion: versions.get(event.nodeKey) ?? 1 };
      if (!step) steps.set(event.stepId, { node, nodeKey: event.nodeKey, open: new Map() });
      // It is recorded again when the step continues after a wait.
      const key = startKey(event.stepId, event.attempt);
      if (isOwn && !recording.starts.has(key)) recording.starts.set(key, event.at);
    } else if (!step) continue;
    else if (event.type === 'call-started') {
      if (event.request !== undefined)
        openCall(made, step, askedBy(step.node, kindOf(event), event.request), event.callId, { runId: run.runId, seq: event.seq });
    } else if (event.type === 'call-finished' || event.type === 'call-failed') endCall(step, event);
    else if (event.type === 'attempt-failed' || event.type === 'step-failed') failAttempt(step, event);
    else if (event.type === 'step-waiting') {
      const key = event.wait.kind === 'callback' ? callbackKey(step.node, step.nodeKey) : await reviewKey(ports, run, step.node, event);
      if (key !== undefined) waits.set(event.wait.id, key);
    } else if (event.type === 'wait-ended') {
      const key = waits.get(event.waitId);
      const end = { from: { runId: run.runId, seq: event.seq }, by: event.by, value: event.value, actor: event.actor };
      if (key !== undefined && !isRemoved(event.value)) addTo(recording.ends, key, end);
    }
  }
  for (const [key, answers] of made) for (const answer of answers) if (answer) addTo(recording.answers, key, answer);
}

function addTo<T>(lists: Map<string, T[]>, key: string, entry: T): void {
  const list = lists.get(key);
  if (list) list.push(entry);
  else lists.set(key, [entry]);
}

/** Calls of one kind that differ in what they do have different names. */
export const kindOf = ({ kind, name }: { readonly kind: string; readonly name: string }): string => (kind === 'step' ? `step:${name}` : kind);

function openCall(made: Map<string, (RecordedAnswer | undefined)[]>, step: Step, key: string, callId: string, from: StandInFor): void {
  const answers = made.get(key) ?? [];
  made.set(key, answers);
  step.open.set(callId, { from, answers, at: answers.push(undefined) - 1 });
}

function endCall(step: Step, event: RunEventOf<'call-finished'> | RunEventOf<'call-failed'>): void {
  const open = step.open.get(event.callId);
  step.open.delete(event.callId);
  if (open && isAnswer(event)) answer(step, open, event);
}

function answer(step: Step, { from, answers, at }: OpenCall, end: RecordedAnswer['end']): void {
  step.last = { from, end, wasRetried: false };
  answers[at] = step.last;
}

/** A call that was canceled, or that waited for a budget or a sign-in, has no answer yet. */
function isAnswer(event: RunEventOf<'call-finished'> | RunEventOf<'call-failed'>): boolean {
  if (event.type === 'call-finished') return !isRemoved(event.result);
  const { error } = event;
  return error.code !== 'cancelled' && pausedUntil(error) === undefined && error.details?.ask === undefined;
}

/** A call that was open when its step timed out failed with that. */
function failAttempt(step: Step, { type, error }: RunEventOf<'attempt-failed'> | RunEventOf<'step-failed'>): void {
  if (error.code === 'timeout') for (const open of step.open.values()) answer(step, open, { type: 'call-failed', error });
  step.open.clear();
  if (type === 'attempt-failed' && step.last) step.last.wasRetried = true;
}

async function reviewKey(ports: EnginePorts, run: AcceptedRun, node: TypedNode, { wait }: RunEventOf<'step-waiting'>): Promise<string | undefined> {
  if (wait.kind !== 'review') return undefined;
  const task = wait.whole === undefined ? wait.task : ((await ports.load(run, wait.whole)) as ReviewTask);
  return askedBy(node, 'review', requestHash(askedOfPerson(task)));
}
