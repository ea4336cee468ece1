import { isPlainObject } from '@switchyard/shared/json.ts';
import { frameOf, placeOfFrame } from '@switchyard/shared/run/address.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { expect } from 'vitest';
import type { Expected } from './plain-model.ts';
import { storedValue } from './world.ts';

interface Outcome {
  readonly status: 'succeeded' | 'failed' | 'skipped' | 'cancelled';
  readonly output?: unknown;
  readonly reason?: string;
}

/** How each step ended, those of items included. */
export function outcomesIn(journal: readonly JournalEvent[]): Map<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  for (const event of journal) {
    if (event.type === 'step-finished') outcomes.set(event.stepId, { status: 'succeeded', output: event.output });
    if (event.type === 'step-failed') outcomes.set(event.stepId, { status: 'failed' });
    if (event.type === 'step-skipped') outcomes.set(event.stepId, { status: 'skipped' });
    if (event.type === 'step-cancelled') outcomes.set(event.stepId, { status: 'cancelled', reason: event.reason });
  }
  return outcomes;
}

/**
 * Each node's last round is as in the model. An earlier round may have been interrupted by a loop edge, but what it did matches the model
 * too. Of items that fail, and of what they stop, only their end is compared.
 */
export function compare(journal: readonly JournalEvent[], model: Expected, about: string): void {
  const outcomes = outcomesIn(journal);
  const isKnown = (id: string): boolean => model.steps.has(id) || frameOf(id) === undefined;
  for (const [id, { status, output, reason }] of outcomes) {
    if (isKnown(id) && status === 'cancelled') expect(reason, `${about}: ${id}`).toBe('superseded');
    else if (isKnown(id)) expect(status, `${about}: ${id}`).toBe(model.steps.get(id));
    if (status === 'succeeded' && model.outputs.has(id)) expect(plainOutput(storedValue(output)), `${about}: output of ${id}`).toEqual(model.outputs.get(id));
  }
  for (const id of model.last) expect(outcomes.get(id)?.status, `${about}: ${id}`).toBe(model.steps.get(id));
  const failed = new Set(journal.flatMap((event) => (event.type === 'frame-failed' ? [event.frameId] : [])));
  for (const id of model.failed) if (model.last.has(placeOfFrame(id).containerId)) expect(failed.has(id), `${about}: ${id} fails`).toBe(true);
}

/** Outputs of for-each steps name the items that failed by their index only. */
function plainOutput(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainOutput);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === 'failed' ? (item as { index: number }[]).map(({ index }) => index) : plainOutput(item)]),
  );
}
