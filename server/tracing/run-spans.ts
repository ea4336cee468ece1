import type { ErrorData } from '@switchyard/shared/errors.ts';
import type { JournalEvent, RunEventOf } from '@switchyard/shared/run/events.ts';
import { type CallState, findStep, type RunState } from '@switchyard/shared/run/state.ts';
import type { BusMessage } from '../engine/bus.ts';
import { callAttributes, contentOf, nameOfCall } from './call-attributes.ts';
import type { Sampler } from './sampler.ts';
import type { Attributes, Span } from './span.ts';
import { callSpanId, stepSpanId, type TraceContext, traceContext } from './trace-context.ts';

/*
 * The spans of committed events (S87). Owns which event ends which span. Invariants: 1. A span is made from the event that ends it, after that
 * event is on disk. An event is committed once, by one process, so a span is made at most once, also after a crash. 2. Without contents, no value
 * of the run is in a span; of runs whose payloads are not shown or go when they end, never.
 */

export type Committed = Extract<BusMessage, { kind: 'run-committed' }>;
type CallEnd = RunEventOf<'call-finished'> | RunEventOf<'call-failed'>;
type StepEnd = RunEventOf<'step-finished'> | RunEventOf<'step-failed'> | RunEventOf<'step-cancelled'>;

interface Begun {
  readonly at: string;
  readonly name: string;
  readonly attributes: Attributes;
}

/** What has begun and not ended, of one run. By step and call. */
interface Open {
  readonly steps: Map<string, Begun>;
  readonly calls: Map<string, Begun>;
}

export interface SpanSettings {
  readonly samples: Sampler;
  readonly hasContents: boolean;
  /** Whether contents of this run may be exported. */
  readonly mayShow: (run: Committed['run']) => boolean;
}

export function createRunSpans({ samples, hasContents, mayShow }: SpanSettings): (message: Committed) => Span[] {
  // Steps of items that have ended are no longer in the state, so their beginnings are kept here.
  const opens = new WeakMap<RunState, Open>();

  return ({ run, events, state }) => {
    if (!state) return [];
    const context = traceContext(run, samples);
    if (!context.isSampled) return [];
    const open = opens.get(state) ?? { steps: new Map(), calls: new Map() };
    opens.set(state, open);
    const made: Span[] = [];
    const trace = { run, state, context, open, shows: hasContents && !run.sealed && mayShow(run) };
    for (const event of events) {
      note(open, event, trace.shows);
      const span = spanOf(trace, event);
      if (span) made.push(span);
    }
    return made;
  };
}

interface Trace {
  readonly run: Committed['run'];
  readonly state: RunState;
  readonly context: TraceContext;
  readonly open: Open;
  readonly shows: boolean;
}

function note({ steps, calls }: Open, event: JournalEvent, shows: boolean): void {
  if (event.type === 'call-started') calls.set(event.callId, { at: event.at, name: `${event.kind} ${event.name}`, attributes: {} });
  // A later attempt belongs to the same span.
  if (event.type !== 'step-started' || steps.has(event.stepId)) return;
  const { stepId, nodeKey, nodeType, round, input, at } = event;
  const contents = shows ? { 'switchyard.step.input': contentOf(input) } : {};
  steps.set(stepId, { at, name: nodeKey, attributes: { ...stepAttributes({ nodeKey, nodeType, round }), ...contents } });
}

const stepAttributes = ({ nodeKey, nodeType, round }: { readonly nodeKey: string; readonly nodeType: string; readonly round: number }): Attributes => ({
  'switchyard.node.key': nodeKey,
  'switchyard.node.type': nodeType,
  'switchyard.step.round': round,
});

function spanOf(trace: Trace, event: JournalEvent): Span | undefined {
  switch (event.type) {
    case 'call-finished':
    case 'call-failed':
      return callSpan(trace, event);
    case 'step-finished':
    case 'step-failed':
    case 'step-cancelled':
      return stepSpan(trace, event);
    case 'run-finished':
      return runSpan(trace, event);
    default:
      return undefined;
  }
}

const errorOf = (error: ErrorData | undefined): Pick<Span, 'error'> => (error ? { error: error.code } : {});

function callSpan({ run, state, context, open, shows }: Trace, event: CallEnd): Span | undefined {
  const { callId, stepId, at, record } = event;
  const begun = open.calls.get(callId) ?? begunCall(findStep(state, stepId)?.calls.find(({ id }) => id === callId));
  open.calls.delete(callId);
  // Nothing was sent.
  if (event.standIn) return undefined;
  const error = event.type === 'call-failed' ? event.error : undefined;
  const [kind = '', ...words] = (begun?.name ?? `call ${event.name}`).split(' ');
  return {
    traceId: context.traceId,
    spanId: callSpanId(run.runId, callId),
    parentSpanId: stepSpanId(run.runId, stepId),
    name: nameOfCall(kind, words.join(' '), record),
    kind: record?.kind === 'model' || record?.kind === 'http' || kind === 'model' || kind === 'http' ? 'client' : 'internal',
    startedAt: Date.parse(begun?.at ?? at),
    endedAt: Date.parse(at),
    ...errorOf(error),
    attributes: {
      ...placeOf(run),
      'switchyard.step.id': stepId,
      'switchyard.call.id': callId,
      ...callAttributes(record, shows),
      ...failure(error, shows),
    },
  };
}

const begunCall = (call: CallState | undefined): Begun | undefined => call && { at: call.startedAt, name: `${call.kind} ${call.name}`, attributes: {} };

const placeOf = ({ runId, workflowId }: Committed['run']): Attributes => ({ 'switchyard.run.id': runId, 'switchyard.workflow.id': workflowId });

/** The message of an error can quote a value. */
const failure = (error: ErrorData | undefined, shows: boolean): Attributes =>
  error ? { 'error.type': error.code, ...(shows && { 'error.message': contentOf(error.message) }) } : {};

function stepSpan({ run, state, context, open, shows }: Trace, event: StepEnd): Span | undefined {
  const { stepId, at } = event;
  const step = findStep(state, stepId);
  const startedAt = step?.attempts[0]?.startedAt ?? step?.startedAt;
  const begun = open.steps.get(stepId) ?? (step && startedAt !== undefined && { at: startedAt, name: step.nodeKey, attributes: stepAttributes(step) });
  open.steps.delete(stepId);
  // It never ran.
  if (!begun) return undefined;
  const error = event.type === 'step-failed' ? event.error : undefined;
  const outcome = event.type === 'step-finished' ? (event.recovered ? 'recovered' : 'succeeded') : event.type === 'step-failed' ? 'failed' : 'cancelled';
  return {
    traceId: context.traceId,
    spanId: stepSpanId(run.runId, stepId),
    parentSpanId: context.spanId,
    name: begun.name,
    kind: 'internal',
    startedAt: Date.parse(begun.at),
    endedAt: Date.parse(at),
    ...errorOf(error),
    attributes: {
      ...placeOf(run),
      'switchyard.step.id': stepId,
      ...begun.attributes,
      'switchyard.step.status': outcome,
      ...(event.type === 'step-finished' && event.port !== null && { 'switchyard.step.port': event.port }),
      ...(event.type === 'step-finished' && shows && { 'switchyard.step.output': contentOf(event.output) }),
      ...failure(error, shows),
    },
  };
}

function runSpan({ run, state, context, open, shows }: Trace, { at, status, error }: RunEventOf<'run-finished'>): Span {
  open.steps.clear();
  open.calls.clear();
  const { trigger, version } = run;
  return {
    ...context,
    name: `workflow ${run.workflowId}`,
    kind: trigger?.kind === 'webhook' || trigger?.kind === 'test-webhook' ? 'server' : 'internal',
    startedAt: Date.parse(state.startedAt ?? at),
    endedAt: Date.parse(at),
    ...(status === 'failed' && { error: error?.code ?? 'failed' }),
    attributes: {
      ...placeOf(run),
      'switchyard.run.status': status,
      ...(version !== undefined && { 'switchyard.workflow.version': String(version) }),
      ...(trigger && { 'switchyard.trigger': trigger.kind }),
      ...failure(error, shows),
    },
  };
}
