import type { RunEventType } from './events.ts';

/*
 * Which builds know which events (S41). A row of a journal has the version that a reader must know, not that of its writer, so a run
 * without new events stays readable for older processes. Older events are upcast on read (S21).
 * 1: call IDs `<step>/<name>/<n>`, wait IDs `<key>.<round>.<n>`, one idempotency key per step. 2: the IDs of address.ts. 3: for-each items. 4: runs with stand-ins.
 */

const BASE = 2;

/** `since`: the event version that added it. `by`: the node types whose runs may get it. */
interface AddedEvent {
  readonly since: number;
  readonly by: readonly string[];
}

type AddedEvents = Partial<Readonly<Record<RunEventType, AddedEvent>>>;

/** Add a new event here, with the next version. Until every process knows that version, runs with these node types wait. */
const ADDED: AddedEvents = {
  'items-listed': { since: 3, by: ['for-each'] },
  'frame-finished': { since: 3, by: ['for-each'] },
  'frame-failed': { since: 3, by: ['for-each'] },
  'frame-failing': { since: 3, by: ['for-each'] },
  // Of runs with stand-ins, whatever their nodes (`WITH_STAND_INS`).
  'step-stopped': { since: 4, by: [] },
};

/** The version that added this event. */
export const sinceOf = (type: RunEventType, added: AddedEvents = ADDED): number => added[type]?.since ?? BASE;

/** The newest event that runs with stand-ins may get. A build that doesn’t know it would perform their effects. */
export const WITH_STAND_INS = sinceOf('step-stopped');

/** The newest event that runs with these nodes may get. 0 if every build knows all of them. */
export const versionWrittenBy = (nodeTypes: readonly string[], added: AddedEvents = ADDED): number =>
  newestOf(
    Object.values(added).filter(({ by }) => by.some((type) => nodeTypes.includes(type))),
    0,
  );

const newestOf = (events: readonly AddedEvent[], least: number): number => Math.max(least, ...events.map(({ since }) => since));

/** The newest events that this build knows. */
export const EVENT_VERSION = newestOf(Object.values(ADDED), BASE);
