import { createSampler, SAMPLERS, type Sampler } from './sampler.ts';

/* The environment variables of OpenTelemetry that tracing uses. Invalid values of optional ones count as not set, as OpenTelemetry asks. */

export interface TracingSettings {
  /** Where spans are sent: with `/v1/traces`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly compression: 'gzip' | 'none';
  /** Attributes of the resource, with the name of the service if it is set. */
  readonly resource: Readonly<Record<string, string>>;
  readonly samples: Sampler;
  /** Values of runs are exported, too. */
  readonly hasContents: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

const USUAL_TIMEOUT_MS = 10_000;

/** Undefined if no endpoint is set, or tracing is turned off. */
export function readTracingSettings(env: Env): TracingSettings | undefined {
  const url = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || (env.OTEL_EXPORTER_OTLP_ENDPOINT && `${env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '')}/v1/traces`);
  if (!url || env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return undefined;
  const of = (name: string): string | undefined => env[`OTEL_EXPORTER_OTLP_TRACES_${name}`] || env[`OTEL_EXPORTER_OTLP_${name}`];
  const timeoutMs = Number(of('TIMEOUT'));
  const ratio = Number(env.OTEL_TRACES_SAMPLER_ARG || 1);
  const sampler = SAMPLERS.find((name) => name === env.OTEL_TRACES_SAMPLER) ?? 'parentbased_always_on';
  return {
    url,
    headers: { ...pairs(env.OTEL_EXPORTER_OTLP_HEADERS), ...pairs(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS) },
    timeoutMs: timeoutMs > 0 && timeoutMs <= 60_000 ? timeoutMs : USUAL_TIMEOUT_MS,
    compression: of('COMPRESSION') === 'gzip' ? 'gzip' : 'none',
    resource: { ...pairs(env.OTEL_RESOURCE_ATTRIBUTES), ...(env.OTEL_SERVICE_NAME && { 'service.name': env.OTEL_SERVICE_NAME }) },
    samples: createSampler(sampler, ratio >= 0 && ratio <= 1 ? ratio : 1),
    hasContents: env.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT?.toLowerCase() === 'true',
  };
}

/** `name=value` pairs, separated by commas, with percent-encoded values. */
function pairs(list = ''): Record<string, string> {
  const read = list.split(',').map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return [pair.slice(0, Math.max(0, at)).trim(), decoded(pair.slice(at + 1).trim())];
  });
  return Object.fromEntries(read.filter(([name]) => name !== ''));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
