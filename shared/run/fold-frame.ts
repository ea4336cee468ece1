import { frameOf, isInside, placeOfFrame } from './address.ts';
import type { JournalEvent } from './events.ts';
import { fold } from './fold.ts';
import { type ContainerState, findStep, type OpenFrame, type RunState } from './state.ts';

/*
 * The items of a for-each step, read from a journal on demand: the steps of items that have ended are not in the state of a run (S36).
 */

/** The step or the item that an event is about. Undefined if it is about the run. */
export const subjectOf = (event: JournalEvent): string | undefined => {
  if ('stepId' in event) return event.stepId;
  if ('frameId' in event) return event.frameId;
  return 'sourceStepId' in event ? event.sourceStepId : undefined;
};

/** The state of a run with only one item, which stays open: `frames` has it with its steps, even if it has ended. */
export function foldFrame(events: readonly JournalEvent[], frame: string): RunState {
  const around = new Set<string>();
  for (let at: string | undefined = frame; at !== undefined; at = frameOf(placeOfFrame(at).containerId)) around.add(placeOfFrame(at).containerId);
  return fold(events.filter((event) => concerns(event, frame, around)));
}

function concerns(event: JournalEvent, frame: string, around: ReadonlySet<string>): boolean {
  const subject = subjectOf(event);
  if (subject === undefined) return event.type === 'run-started' || event.type === 'driver-changed' || event.type === 'driver-released';
  if (subject.startsWith(`${frame}/`)) return true;
  return around.has(subject) && (event.type === 'step-started' || event.type === 'items-listed');
}

export const ITEM_STATUSES = ['not-started', 'running', 'waiting', 'succeeded', 'failed', 'cancelled'] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number];

/** One item of a for-each step. */
export interface ItemState {
  readonly index: number;
  readonly status: ItemStatus;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** The node that started last. */
  readonly nodeKey?: string;
  readonly result?: unknown;
  readonly error?: NonNullable<OpenFrame['error']>;
  /** The run whose finished item this reuses. */
  readonly fromRunId?: string;
}

interface ItemList {
  /** The list that the step runs through, or a reference to it. */
  readonly list: unknown;
  readonly items: readonly ItemState[];
}

/** The status of an item while its for-each step runs. */
export function statusOfItem({ open, outcomes }: ContainerState, index: number): ItemStatus {
  const outcome = outcomes[index];
  if (outcome) return outcome.error ? 'failed' : 'succeeded';
  const frame = open.get(index);
  if (!frame) return 'not-started';
  return frame.runningCount === 0 && frame.waitingCount > 0 ? 'waiting' : 'running';
}

/** All items of a for-each step. Undefined if it has no list. */
export function itemsOf(events: readonly JournalEvent[], containerId: string): ItemList | undefined {
  const outer = frameOf(containerId);
  const state = outer === undefined ? fold(events) : foldFrame(events, outer);
  const listed = events.findLast((event) => event.type === 'items-listed' && event.stepId === containerId);
  const step = findStep(state, containerId);
  if (listed?.type !== 'items-listed' || !step) return undefined;
  const found = new Map<number, ItemState>();
  for (const event of events) {
    const subject = subjectOf(event);
    if (subject !== undefined && isInside(subject, containerId)) record(found, event, subject, containerId);
  }
  const container = state.containers.get(containerId);
  const items = Array.from({ length: listed.count }, (_, index): ItemState => {
    const item = found.get(index) ?? { index, status: 'not-started' };
    if (item.status !== 'running') return item;
    return { ...item, status: container ? statusOfItem(container, index) : 'cancelled' };
  });
  return { list: listed.items, items };
}

function record(found: Map<number, ItemState>, event: JournalEvent, subject: string, containerId: string): void {
  const index = Number.parseInt(subject.slice(containerId.length + 1), 10);
  const item: ItemState = found.get(index) ?? { index, status: 'running', startedAt: event.at };
  const isOwn = subject === `${containerId}[${index}]`;
  if (isOwn && event.type === 'frame-finished') {
    const { result, at, fromRunId } = event;
    found.set(index, { ...item, status: 'succeeded', endedAt: at, result, ...(fromRunId !== undefined && { fromRunId }) });
  } else if (isOwn && event.type === 'frame-failed') {
    found.set(index, { ...item, status: 'failed', endedAt: event.at, error: event.error });
  } else if (event.type === 'step-started' && frameOf(event.stepId) === `${containerId}[${index}]`) {
    found.set(index, { ...item, nodeKey: event.nodeKey });
  } else {
    found.set(index, item);
  }
}
