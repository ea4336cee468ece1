import type { Delivery } from '@switchyard/shared/contracts/webhooks.ts';
import { toAppError } from '@switchyard/shared/errors.ts';
import { costOfCall } from '@switchyard/shared/run/cost.ts';
import type { JournalEvent, ModelCallRecord, Spent } from '@switchyard/shared/run/events.ts';
import { findStep, type RunState } from '@switchyard/shared/run/state.ts';
import type { Chat } from '../models/chat-port.ts';
import type { Deliveries } from '../services/webhooks/deliveries.ts';
import type { Instruments, Readings } from './instruments.ts';

/*
 * What Prometheus counts, and where: committed events, model calls, webhook requests. The library is loaded with the
 * first thing to count or the first scrape. An idle server never loads it.
 */

export interface Metrics {
  /** Events of a run that are on disk. */
  events(events: readonly JournalEvent[], state: RunState): void;
  /** The same list of webhook requests, counted. */
  countedDeliveries(deliveries: Deliveries): Deliveries;
  /** The same chat, counted. */
  counted(chat: Chat): Chat;
  /** Every metric in Prometheus' text format. */
  exposition(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const CALLER_GONE = 499;

type Count = (instruments: Instruments) => void;

export function createMetrics(readings: Readings): Metrics {
  let loaded: Instruments | undefined;
  let loading: Promise<Instruments> | undefined;
  const early: Count[] = [];
  const load = (): Promise<Instruments> => {
    loading ??= import('./instruments.ts').then(({ createInstruments }) => {
      const instruments = createInstruments(readings);
      loaded = instruments;
      for (const count of early.splice(0)) count(instruments);
      return instruments;
    });
    return loading;
  };
  const note = (count: Count): void => {
    if (loaded) count(loaded);
    else if (early.push(count) === 1) load();
  };
  return {
    events: (events, state) => note((instruments) => countEvents(instruments, events, state)),
    countedDeliveries: (deliveries) => ({
      ...deliveries,
      note: (workspaceId, workflowId, delivery) => {
        deliveries.note(workspaceId, workflowId, delivery);
        note((instruments) => countWebhookCall(instruments, delivery));
      },
    }),
    counted: (chat) => async (request, options) => {
      try {
        const answered = await chat(request, options);
        note((instruments) => countAnswer(instruments, answered.record));
        return answered;
      } catch (thrown) {
        note((instruments) => countFailure(instruments, thrown));
        throw thrown;
      }
    },
    exposition: async () => {
      const { registry, watchProcess } = await load();
      watchProcess();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

function countWebhookCall({ webhookCalls, webhookSeconds }: Instruments, { kind, status, code, durationMs }: Omit<Delivery, 'id'>): void {
  webhookCalls.inc({ kind, outcome: code ?? (status === CALLER_GONE ? 'caller-gone' : 'ok') });
  if (durationMs !== null) webhookSeconds.observe({ kind }, durationMs / 1_000);
}

/** The node types of steps that have started and not ended, by run. The steps of an item that has ended are no longer in the state. */
const startedSteps = new WeakMap<RunState, Map<string, string>>();

function countEvents({ runsStarted, runsEnded, runSeconds, steps }: Instruments, events: readonly JournalEvent[], state: RunState): void {
  const counts = new Map<string, Map<string, number>>();
  const types = startedSteps.get(state) ?? new Map<string, string>();
  startedSteps.set(state, types);
  const step = (stepId: string, outcome: string, nodeType = types.get(stepId) ?? findStep(state, stepId)?.nodeType ?? 'unknown') => {
    const outcomes = counts.get(nodeType) ?? new Map<string, number>();
    counts.set(nodeType, outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1));
    types.delete(stepId);
  };
  for (const event of events) {
    if (event.type === 'run-started') runsStarted.inc({ trigger: event.trigger });
    else if (event.type === 'step-started') types.set(event.stepId, event.nodeType);
    else if (event.type === 'step-finished') step(event.stepId, event.recovered ? 'recovered' : 'succeeded');
    else if (event.type === 'step-failed') step(event.stepId, 'failed');
    else if (event.type === 'step-skipped') step(event.stepId, 'skipped', event.nodeType);
    else if (event.type === 'step-cancelled') step(event.stepId, 'cancelled');
    else if (event.type === 'run-finished') {
      runsEnded.inc({ status: event.status });
      if (state.startedAt) runSeconds.observe({ status: event.status }, (Date.parse(event.at) - Date.parse(state.startedAt)) / 1_000);
    }
  }
  for (const [type, outcomes] of counts) for (const [outcome, count] of outcomes) steps.inc({ type, outcome }, count);
}

function countAnswer(instruments: Instruments, record: ModelCallRecord): void {
  const { provider, latencyMs, usage, attempts } = record;
  for (const { error } of attempts) if (error) instruments.failedAttempts.inc({ code: error.code });
  instruments.modelCalls.inc({ provider, outcome: 'ok' });
  instruments.modelSeconds.observe({ provider }, latencyMs / 1_000);
  countSpent(instruments, provider, { usage, costMicros: costOfCall(record).costMicros });
}

/** A failed call may have tried several providers, or none. */
const NO_PROVIDER = 'none';

function countFailure(instruments: Instruments, thrown: unknown): void {
  const { code, details } = toAppError(thrown);
  instruments.modelCalls.inc({ provider: NO_PROVIDER, outcome: code });
  if (details.usage) countSpent(instruments, NO_PROVIDER, details as unknown as Spent);
}

function countSpent({ modelTokens, modelDollars }: Instruments, provider: string, { usage, costMicros, knownMicros = 0 }: Spent): void {
  modelTokens.inc({ provider, direction: 'input' }, usage.inputTokens);
  modelTokens.inc({ provider, direction: 'output' }, usage.outputTokens);
  modelDollars.inc({ provider }, (costMicros ?? knownMicros) / 1_000_000);
}
