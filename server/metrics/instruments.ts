import { PRIORITIES, type Priority } from '@switchyard/shared/run/queue-key.ts';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/*
 * All series of /metrics, named by Prometheus conventions: a unit at the end, `_total` on counters, base units. Labels come from
 * short fixed lists (statuses, node types, error codes), never from names of workflows, models, or people.
 */

/** Values that are read on scrape instead of counted. */
export interface Readings {
  readonly version: string;
  /** Runs that have a driver. */
  readonly driven: () => number;
  /** Runs that this process can drive at once. Infinity without a limit. */
  readonly slots: number;
  /** Runs that wait for a driver. */
  readonly queued: () => number;
  /** Queued runs by priority, and the age of the oldest one in seconds. */
  readonly queue: () => Promise<{ readonly depths: Readonly<Record<Priority, number>>; readonly oldestSeconds: number }>;
  /** Routes whose fallback lasts longer than their limit. */
  readonly fallingBack: () => number;
  /** Spans of traces that were sent, and those that were not. Undefined if traces are not exported. */
  readonly spans: (() => { readonly exported: number; readonly dropped: number }) | undefined;
}

export type Instruments = ReturnType<typeof createInstruments>;

/** Run durations: from seconds to a review overnight. */
const RUN_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 86_400];
const CALL_SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createInstruments({ version, driven, slots, queued, queue, fallingBack, spans }: Readings) {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `switchyard_${name}`, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[], buckets: number[]) =>
    new Histogram({ name: `switchyard_${name}`, help, labelNames, buckets, registers });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `switchyard_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  new Gauge({ name: 'switchyard_build_info', help: 'The running version; always 1', labelNames: ['version'], registers }).set({ version }, 1);
  gauge('runs_driven', 'Runs being driven now', driven);
  gauge('worker_slots', 'Runs that this process can drive at once, +Inf without a limit', () => slots);
  gauge('runs_queued', 'Runs waiting to be driven', queued);
  gauge('routes_falling_back', 'Model routes whose first target has not answered for longer than their limit, while later ones do', fallingBack);
  measureQueue(registry, queue);
  if (spans) countSpans(registry, spans);
  let watchesProcess = false;
  return {
    registry,
    runsStarted: counter('runs_started_total', 'Runs started', ['trigger']),
    runsEnded: counter('runs_ended_total', 'Runs ended, by status', ['status']),
    runSeconds: histogram('run_duration_seconds', 'Duration of a run, including waits', ['status'], RUN_SECONDS),
    steps: counter('steps_total', 'Steps by node type and outcome', ['type', 'outcome']),
    modelCalls: counter('model_calls_total', 'Model calls of steps; the outcome is ok or an error code', ['provider', 'outcome']),
    failedAttempts: counter('model_attempts_failed_total', 'Failed attempts of model calls, by error code', ['code']),
    modelSeconds: histogram('model_call_duration_seconds', 'Duration of successful model calls, including fallbacks', ['provider'], CALL_SECONDS),
    modelTokens: counter('model_tokens_total', 'Tokens of model calls', ['provider', 'direction']),
    modelDollars: counter('model_cost_dollars_total', 'Cost of model calls in US dollars', ['provider']),
    webhookCalls: counter('webhook_calls_total', 'Webhook requests; the outcome is ok, caller-gone, or an error code', ['kind', 'outcome']),
    webhookSeconds: histogram('webhook_call_duration_seconds', 'From a webhook request to the end of its response', ['kind'], CALL_SECONDS),
    /** Memory, CPU, and event loop of the process, observed from the first scrape on. */
    watchProcess: () => {
      if (!watchesProcess) collectDefaultMetrics({ register: registry });
      watchesProcess = true;
    },
  };
}

function countSpans(registry: Registry, spans: NonNullable<Readings['spans']>): void {
  const total = (name: keyof ReturnType<typeof spans>, help: string) =>
    new Counter({
      name: `switchyard_spans_${name}_total`,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(spans()[name]);
      },
    });
  total('exported', 'Spans of traces that the receiver took');
  total('dropped', 'Spans of traces that were not delivered, because the receiver is away or too slow');
}

function measureQueue(registry: Registry, read: Readings['queue']): void {
  const registers = [registry];
  let reading: ReturnType<Readings['queue']> | undefined;
  /** One read for both metrics of a scrape. */
  const figures = (): ReturnType<Readings['queue']> => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  new Gauge({
    name: 'switchyard_queue_runs',
    help: 'Queued runs by priority; counts stop at 10,000',
    labelNames: ['priority'],
    registers,
    async collect() {
      const { depths } = await figures();
      for (const priority of PRIORITIES) this.set({ priority }, depths[priority]);
    },
  });
  new Gauge({
    name: 'switchyard_queue_oldest_seconds',
    help: 'Age of the oldest queued run; 0 if none is queued',
    registers,
    async collect() {
      this.set((await figures()).oldestSeconds);
    },
  });
}
