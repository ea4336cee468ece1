import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/*
 * Every series that /metrics has, named as Prometheus wants it: a unit at the end, `_total` on counters, base units. Labels come from
 * short lists of our own (statuses, node types, error codes); names of workflows, models or people are never among them.
 */

/** What is read when somebody asks, rather than counted. */
export interface Readings {
  readonly version: string;
  /** Runs that have a driver. */
  readonly driven: () => number;
  /** Runs that wait for one. */
  readonly queued: () => number;
}

export type Instruments = ReturnType<typeof createInstruments>;

/** Of a run: from one that only sorts to one that waits for a person overnight. */
const RUN_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 86_400];
const CALL_SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createInstruments({ version, driven, queued }: Readings) {
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
  new Gauge({ name: 'switchyard_build_info', help: 'The version that runs; always 1', labelNames: ['version'], registers }).set({ version }, 1);
  gauge('runs_driven', 'Runs that are being worked on now', driven);
  gauge('runs_queued', 'Runs that wait for a place to be worked on', queued);
  let watchesProcess = false;
  return {
    registry,
    runsStarted: counter('runs_started_total', 'Runs that have begun', ['trigger']),
    runsEnded: counter('runs_ended_total', 'Runs that have ended, by their status', ['status']),
    runSeconds: histogram('run_duration_seconds', 'From the start of a run to its end, waits included', ['status'], RUN_SECONDS),
    steps: counter('steps_total', 'Steps by node type and what came of them', ['type', 'outcome']),
    modelCalls: counter('model_calls_total', 'Model calls of steps; the outcome is ok or the code of the error', ['provider', 'outcome']),
    modelSeconds: histogram('model_call_duration_seconds', 'Model calls that were answered, fallbacks included', ['provider'], CALL_SECONDS),
    modelTokens: counter('model_tokens_total', 'Tokens of model calls', ['provider', 'direction']),
    modelDollars: counter('model_cost_dollars_total', 'Cost of model calls in US dollars', ['provider']),
    webhookCalls: counter('webhook_calls_total', 'Webhook calls; the outcome is ok, caller-gone or the code of the error', ['kind', 'outcome']),
    webhookSeconds: histogram('webhook_call_duration_seconds', 'From a webhook call to the end of its answer', ['kind'], CALL_SECONDS),
    /** Memory, processor and event loop of the process; watched from the first time on that somebody asks. */
    watchProcess: () => {
      if (!watchesProcess) collectDefaultMetrics({ register: registry });
      watchesProcess = true;
    },
  };
}
