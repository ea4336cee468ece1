import { framesAround, placeOfFrame } from './address.ts';
import { addCost, type CostSum, NO_COST } from './cost.ts';
import type { JournalEvent, Usage, Wait } from './events.ts';
import { spentIn } from './fold.ts';
import { subjectOf } from './fold-frame.ts';
import { addUsage, NO_USAGE } from './usage.ts';

/*
 * The events of a run as pages follow it: what happens in the items of long for-each steps is sent without values, and not at all once an item
 * has ended (S36). Folding them gives the same steps at the top level, the same items, and the same counts.
 */

/** For-each steps with at most this many items are sent in full. */
export const MOST_WHOLE_ITEMS = 100;

/** What the calls that were left out cost. */
export interface BriefSpent extends CostSum {
  readonly usage: Usage;
  readonly demo: boolean;
}

export interface BriefBatch {
  readonly events: JournalEvent[];
  /** Undefined if nothing was left out that cost anything. */
  readonly spent?: BriefSpent;
}

/** Whether the items of a for-each step are sent without values. */
export const isBrief = (count: number): boolean => count > MOST_WHOLE_ITEMS;

/** Leaves out what pages don’t need, batch by batch in order. `whole`: for-each steps that are known to be short. */
export function createBrief(whole: Iterable<string> = []): (events: readonly JournalEvent[]) => BriefBatch {
  const short = new Set(whole);
  const briefFrame = (event: JournalEvent): string | undefined =>
    framesAround(frameOfEvent(event)).findLast((frame) => !short.has(placeOfFrame(frame).containerId));
  return (events) => {
    const placed = events.map((event) => {
      if (event.type === 'items-listed' && !isBrief(event.count)) short.add(event.stepId);
      return { event, frame: briefFrame(event) };
    });
    const over = new Set(placed.flatMap(({ event, frame }) => (frame !== undefined && endsItem(event, frame) ? [frame] : [])));
    let spent: BriefSpent = { usage: NO_USAGE, ...NO_COST, demo: false };
    const sent = placed.flatMap(({ event, frame }): JournalEvent[] => {
      if (frame === undefined) return [event];
      if (event.type === 'call-finished' || event.type === 'call-failed') spent = withCall(spent, event);
      if (event.type === 'call-started' || event.type === 'call-finished' || event.type === 'call-failed') return [];
      return over.has(frame) && !endsItem(event, frame) ? [] : [withoutValues(event)];
    });
    const cost = spent.usage.inputTokens + spent.usage.outputTokens + spent.costMicros + spent.unknownPrice > 0 || spent.demo;
    return { events: sent, ...(cost && { spent }) };
  };
}

/** The frame that an event is in, or that it is about. */
function frameOfEvent(event: JournalEvent): string | undefined {
  const subject = subjectOf(event);
  if (subject === undefined) return undefined;
  if ('frameId' in event) return subject;
  const end = subject.lastIndexOf(']/');
  return end === -1 ? undefined : subject.slice(0, end + 1);
}

const endsItem = (event: JournalEvent, frame: string): boolean => (event.type === 'frame-finished' || event.type === 'frame-failed') && event.frameId === frame;

function withCall(spent: BriefSpent, event: Extract<JournalEvent, { type: 'call-finished' | 'call-failed' }>): BriefSpent {
  const { usage, cost } = spentIn(event);
  return { usage: addUsage(spent.usage, usage), ...addCost(spent, cost), demo: spent.demo || (event.record?.kind === 'model' && event.record.demo) };
}

/** An event with nothing in place of the values of its step. */
function withoutValues(event: JournalEvent): JournalEvent {
  switch (event.type) {
    case 'step-started':
      return { ...event, input: null };
    case 'step-finished':
      return { ...event, output: null };
    case 'step-reused':
      return { ...event, input: null, output: null };
    case 'wait-ended':
      return { ...event, value: null };
    case 'frame-finished':
      return { ...event, result: null };
    case 'items-listed':
      return { ...event, items: null };
    case 'step-waiting':
      return { ...event, wait: briefWait(event.wait) };
    default:
      return event;
  }
}

function briefWait(wait: Wait): Wait {
  if (!('task' in wait)) return wait;
  const { title, assignee } = wait.task;
  return { ...wait, task: { title, ...(assignee !== undefined && { assignee }), decisions: [], fields: [], context: [] } };
}
