import type { Bus } from '../engine/bus.ts';
import type { AcceptedRun } from '../engine/ports.ts';
import { createSpanSender } from './otlp.ts';
import { createRunSpans, type SpanSettings } from './run-spans.ts';
import { createSpanQueue, type SpanCounts } from './span-queue.ts';
import { outgoingTraceparent, traceContext } from './trace-context.ts';
import type { TracingSettings } from './tracing-settings.ts';

export interface Tracing {
  /** The header that a call sends to the outside. */
  traceparent(run: AcceptedRun, callId: string): string;
  counts(): SpanCounts;
  /** Sends what is queued. */
  stop(): Promise<void>;
}

interface TracingParts extends Pick<SpanSettings, 'mayShow'> {
  readonly bus: Bus;
  readonly version: string;
}

const STOP_MS = 3_000;

/** Exports spans of the runs that this process drives, once their events are on disk. */
export function startTracing(settings: TracingSettings, { bus, version, mayShow }: TracingParts): Tracing {
  const sender = createSpanSender(settings, version);
  const queue = createSpanQueue(sender.send);
  const spansOf = createRunSpans({ ...settings, mayShow });
  const unsubscribe = bus.subscribe((message) => {
    if (message.kind === 'run-committed' && message.state) queue.add(spansOf(message));
  });
  return {
    traceparent: (run, callId) => outgoingTraceparent(traceContext(run, settings.samples), run.runId, callId),
    counts: queue.counts,
    stop: async () => {
      unsubscribe();
      await queue.close(STOP_MS);
      await sender.close().catch(() => {});
    },
  };
}
