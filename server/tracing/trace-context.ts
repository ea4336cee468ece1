import { createHash } from 'node:crypto';
import type { TriggerData } from '@switchyard/shared/run/events.ts';
import type { ParentRun } from '@switchyard/shared/run/parent-run.ts';
import { readTraceparent, traceparentOf } from '@switchyard/shared/traceparent.ts';
import type { Sampler } from './sampler.ts';

/*
 * The IDs of traces and spans (S87). They follow from the IDs of the run, step, and call, so every process computes the same ones, also after a
 * crash. A webhook’s `traceparent` makes the run part of the caller’s trace, and child runs are part of the trace of their outermost run.
 */

export interface TracedRun {
  readonly runId: string;
  readonly trigger?: Pick<TriggerData, 'kind' | 'headers'> | undefined;
  readonly parent?: ParentRun | undefined;
}

export interface TraceContext {
  readonly traceId: string;
  /** Of the run. */
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly isSampled: boolean;
}

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;
const idOf = (bytes: number, ...parts: readonly string[]): string =>
  createHash('sha256')
    .update(parts.join('\n'))
    .digest('hex')
    .slice(0, 2 * bytes);

const runSpanId = (runId: string): string => idOf(SPAN_BYTES, 'run', runId);
export const stepSpanId = (runId: string, stepId: string): string => idOf(SPAN_BYTES, 'step', runId, stepId);
/** Call IDs are unique in their run. */
export const callSpanId = (runId: string, callId: string): string => idOf(SPAN_BYTES, 'call', runId, callId);

export function traceContext({ runId, trigger, parent }: TracedRun, samples: Sampler): TraceContext {
  const incoming = readTraceparent(parent ? parent.traceparent : traceparentOf(trigger));
  const traceId = incoming?.traceId ?? idOf(TRACE_BYTES, 'trace', parent?.rootId ?? runId);
  return {
    traceId,
    spanId: runSpanId(runId),
    parentSpanId: parent ? stepSpanId(parent.runId, parent.stepId) : incoming?.spanId,
    isSampled: samples(traceId, incoming?.isSampled),
  };
}

/** The header of a request that this call sends. */
export const outgoingTraceparent = ({ traceId, isSampled }: TraceContext, runId: string, callId: string): string =>
  `00-${traceId}-${callSpanId(runId, callId)}-0${isSampled ? 1 : 0}`;
