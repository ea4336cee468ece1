import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import type { Span } from './span.ts';
import type { TracingSettings } from './tracing-settings.ts';

/* Sends spans over OTLP/HTTP as protobuf, with the packages of OpenTelemetry. Loaded only if an endpoint is set. */

type ReadableSpan = Parameters<OTLPTraceExporter['export']>[0][number];

export interface SpanSender {
  /** Resolves with whether the receiver took the spans. Retries within the timeout. */
  send(spans: readonly Span[]): Promise<boolean>;
  close(): Promise<void>;
}

const DELIVERED = 0;

export function createSpanSender({ url, headers, timeoutMs, compression, resource: named }: TracingSettings, version: string): SpanSender {
  const exporter = new OTLPTraceExporter({
    url,
    headers,
    timeoutMillis: timeoutMs,
    concurrencyLimit: 1,
    compression: compression as NonNullable<ConstructorParameters<typeof OTLPTraceExporter>[0]>['compression'] & string,
  });
  const resource = defaultResource().merge(resourceFromAttributes({ 'service.name': 'switchyard', 'service.version': version, ...named }));
  const shared = { resource, instrumentationScope: { name: 'switchyard', version } };
  return {
    send: (spans) =>
      new Promise((resolve) => {
        const readable = spans.map((span) => ({ ...shared, ...readableSpan(span) }));
        exporter.export(readable, ({ code }) => resolve(code === DELIVERED));
      }),
    close: () => exporter.shutdown(),
  };
}

const KINDS = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT, server: SpanKind.SERVER } as const;
const hrTime = (ms: number): [number, number] => [Math.trunc(ms / 1_000), Math.round((ms % 1_000) * 1e6)];

function readableSpan({
  traceId,
  spanId,
  parentSpanId,
  name,
  kind,
  startedAt,
  endedAt,
  error,
  attributes,
}: Span): Omit<ReadableSpan, 'resource' | 'instrumentationScope'> {
  const contextOf = (id: string) => ({ traceId, spanId: id, traceFlags: TraceFlags.SAMPLED });
  return {
    name,
    kind: KINDS[kind],
    spanContext: () => contextOf(spanId),
    ...(parentSpanId !== undefined && { parentSpanContext: contextOf(parentSpanId) }),
    startTime: hrTime(startedAt),
    endTime: hrTime(endedAt),
    duration: hrTime(Math.max(0, endedAt - startedAt)),
    ended: true,
    status: error === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: error },
    attributes: attributes as ReadableSpan['attributes'],
    links: [],
    events: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
