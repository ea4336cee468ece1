import { frameOf, framesAround, placeOfFrame } from '@switchyard/shared/run/address.ts';
import type { JournalEvent, RunEventOf } from '@switchyard/shared/run/events.ts';
import { applyEvent, emptyRun } from '@switchyard/shared/run/fold.ts';
import { framesOf, isRunning, type RunState, type StepState } from '@switchyard/shared/run/state.ts';
import { expect } from 'vitest';
import { isReference, storedValue } from './world.ts';

/*
 * What holds for the items of every journal (S33–S37): an item ends once, and nothing of it follows its end; items start in order, within
 * the limits; the results are in the order of the items; and the folded state has open items only, with correct counts.
 */

/** How many items of a step may be open (S34). */
const MOST_OPEN = 1_000;

interface Container {
  readonly listed: RunEventOf<'items-listed'>;
  /** Items that have started, or ended without any step. */
  readonly started: Set<number>;
  readonly open: Set<number>;
  readonly ended: Map<number, { readonly result: unknown } | { readonly error: unknown }>;
}

interface Seen {
  /** For-each steps with items whose input is stored first: one item may then start before another. */
  readonly overtaking: ReadonlySet<string>;
  readonly containers: Map<string, Container>;
  /** The steps that have ended, and the items. */
  readonly over: Set<string>;
  /** Steps in flight, or between two attempts. */
  readonly busy: Set<string>;
}

const ENDS = new Set<JournalEvent['type']>(['step-finished', 'step-failed', 'step-cancelled', 'step-skipped']);

/** `apply` is how the events are folded. */
export function checkFrames(journal: readonly JournalEvent[], apply: (state: RunState, event: JournalEvent) => void = applyEvent): void {
  if (!journal.some(({ type }) => type === 'items-listed')) return;
  const seen: Seen = { overtaking: overtakingIn(journal), containers: new Map(), over: new Set(), busy: new Set() };
  const state = emptyRun();
  for (const event of journal) {
    const frame = frameOfEvent(event);
    if (frame !== undefined) enter(seen, frame, event);
    note(seen, event);
    if (event.type === 'step-started') checkSlots(seen, event.stepId);
    apply(state, event);
    checkState(state, seen);
  }
}

const overtakingIn = (journal: readonly JournalEvent[]): ReadonlySet<string> =>
  new Set(
    journal.flatMap((event) => {
      const frame = event.type === 'step-started' && isReference(event.input) ? frameOf(event.stepId) : undefined;
      return frame === undefined ? [] : [placeOfFrame(frame).containerId];
    }),
  );

/** The item that something happens in, or to. */
function frameOfEvent(event: JournalEvent): string | undefined {
  if ('frameId' in event) return event.frameId;
  if ('sourceStepId' in event) return frameOf(event.sourceStepId);
  return 'stepId' in event ? frameOf(event.stepId) : undefined;
}

function enter(seen: Seen, frame: string, event: JournalEvent): void {
  for (const around of framesAround(frame)) {
    expect(seen.over.has(around), `${event.type} follows the end of ${around}`).toBe(false);
    expect(seen.over.has(placeOfFrame(around).containerId), `${event.type} in ${around} follows the end of its step`).toBe(false);
  }
  const { containerId, item } = placeOfFrame(frame);
  const container = seen.containers.get(containerId);
  if (!container) throw new Error(`${event.type} in ${frame}, which is in no for-each step`);
  expect(item, `${frame} is in the list`).toBeLessThan(container.listed.count);
  if (container.started.has(item)) return;
  const skipped = item - [...container.started].filter((other) => other < item).length;
  expect(skipped, `${frame} starts in its turn`).toBeLessThan(seen.overtaking.has(containerId) ? container.listed.concurrency : 1);
  container.started.add(item);
  container.open.add(item);
  expect(container.open.size).toBeLessThanOrEqual(MOST_OPEN);
}

function note(seen: Seen, event: JournalEvent): void {
  if (event.type === 'items-listed') seen.containers.set(event.stepId, { listed: event, started: new Set(), open: new Set(), ended: new Map() });
  if (event.type === 'frame-finished' || event.type === 'frame-failed') endItem(seen, event);
  if (event.type === 'step-finished' && seen.containers.has(event.stepId)) checkOutput(seen, event);
  if (event.type === 'step-started') seen.busy.add(event.stepId);
  if (ENDS.has(event.type) || event.type === 'step-waiting' || event.type === 'wait-ended' || event.type === 'items-listed')
    seen.busy.delete('stepId' in event ? event.stepId : '');
  if (event.type === 'driver-changed') forgetRunning(seen);
  if (event.type === 'driver-released') for (const id of event.interrupted) seen.busy.delete(id);
  if (ENDS.has(event.type) && 'stepId' in event) seen.over.add(event.stepId);
}

/** A new driver has to start again what was running. Whether a step was between two attempts is not known here, so it isn't counted. */
const forgetRunning = ({ busy }: Seen): void => busy.clear();

function endItem(seen: Seen, event: RunEventOf<'frame-finished'> | RunEventOf<'frame-failed'>): void {
  const { containerId, item } = placeOfFrame(event.frameId);
  const container = seen.containers.get(containerId);
  expect(container?.ended.has(item), `${event.frameId} ends twice`).toBe(false);
  container?.open.delete(item);
  container?.ended.set(item, event.type === 'frame-finished' ? { result: event.result } : { error: event.error });
  seen.over.add(event.frameId);
  for (const id of seen.busy) if (id.startsWith(`${event.frameId}/`)) throw new Error(`${event.frameId} ends while ${id} runs`);
}

/** The items are in order, and each is accounted for. */
function checkOutput({ containers }: Seen, { stepId, output }: RunEventOf<'step-finished'>): void {
  const { listed, ended } = containers.get(stepId) as Container;
  const results = Array.from({ length: listed.count }, (_, index) => ended.get(index));
  const failed = results.flatMap((end, index) => (end && 'error' in end ? [{ index, error: end.error }] : []));
  expect(results.filter(Boolean), `${stepId} ends with all its items`).toHaveLength(listed.count);
  expect(storedValue(output), `the results of ${stepId}`).toEqual({
    items: results.map((end) => (end && 'result' in end ? storedValue(end.result) : null)),
    failed,
    count: listed.count,
    succeeded: listed.count - failed.length,
  });
}

/** A step starts in an item: it and the other busy ones are within the limit. */
function checkSlots({ containers, busy }: Seen, stepId: string): void {
  for (const frame of framesAround(frameOf(stepId))) {
    const { containerId } = placeOfFrame(frame);
    const items = new Set([...busy].filter((id) => id.startsWith(`${containerId}[`)).map((id) => id.slice(0, id.indexOf(']', containerId.length))));
    const limit = containers.get(containerId)?.listed.concurrency ?? 0;
    expect(items.size, `items of ${containerId} at once`).toBeLessThanOrEqual(limit);
  }
}

const isBetweenAttempts = ({ status, wait }: StepState): boolean => status === 'waiting' && wait?.kind === 'retry';

/** The state has open items only, and its counts are those of its steps. */
function checkState(state: RunState, { over, containers }: Seen): void {
  checkCounts(state);
  for (const id of state.frames.keys()) if (over.has(id)) throw new Error(`${id} has ended, but is in the state`);
  for (const [id, { open, outcomes, ended, next }] of state.containers) {
    if (over.has(id)) throw new Error(`${id} has ended, but its items are in the state`);
    const known = containers.get(id);
    const isSame = open.size === known?.open.size && [...open.keys()].every((item) => known.open.has(item));
    if (!isSame || ended !== known?.ended.size || outcomes.filter(Boolean).length !== ended) throw new Error(`The items of ${id} in the state are wrong`);
    if (next > known.started.size || known.started.has(next)) throw new Error(`The next item of ${id} is not ${next}`);
  }
}

/** What runs, waits, and is busy in each frame, counted again. */
function checkCounts(state: RunState): void {
  const counts = new Map<string | undefined, [number, number, number]>();
  for (const frame of framesOf(state)) {
    for (const step of frame.steps.values()) {
      const running = isRunning(step);
      const waiting = step.status === 'waiting';
      if (!running && !waiting) continue;
      const busy = running ? !step.interrupted : isBetweenAttempts(step);
      for (const at of [...framesAround(frame.id), undefined]) {
        const [before, others, most] = counts.get(at) ?? [0, 0, 0];
        counts.set(at, [before + Number(running), others + Number(waiting), most + Number(busy)]);
      }
    }
  }
  for (const { id, runningCount, waitingCount, busyCount } of framesOf(state)) {
    const found = counts.get(id) ?? [0, 0, 0];
    if (runningCount !== found[0] || waitingCount !== found[1] || busyCount !== found[2])
      throw new Error(`The counts of ${id ?? 'the run'} are ${runningCount}, ${waitingCount}, ${busyCount}, but its steps are ${found.join(', ')}`);
  }
}
