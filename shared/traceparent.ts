import type { TriggerData } from './run/events.ts';

/* W3C Trace Context: the header that says which trace a request belongs to. */

export interface IncomingTrace {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
}

/** Version 00, or the known beginning of a later one. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})($|-)/;

/** Undefined if it is missing or invalid. */
export function readTraceparent(header: string | undefined): IncomingTrace | undefined {
  const [, version, traceId, spanId, flags, rest] = TRACEPARENT.exec(header ?? '') ?? [];
  if (!traceId || !spanId || !flags || (version === '00' && rest !== '')) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** The valid header of the request that started a run. A rerun or replay doesn’t belong to the trace of the first run. */
export function traceparentOf(trigger: Pick<TriggerData, 'kind' | 'headers'> | undefined): string | undefined {
  const header = trigger?.kind === 'webhook' || trigger?.kind === 'test-webhook' ? trigger.headers?.traceparent : undefined;
  return readTraceparent(header) && header;
}
