import type { BusMessage } from '@switchyard/server/engine/bus.ts';
import type { AcceptedRun, CallPlace, RunSummaryData, Signal } from '@switchyard/server/engine/ports.ts';
import type { ProcessRecord, RunRecord } from '@switchyard/server/store/collections.ts';
import type { AppError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import type { VirtualTime } from './virtual-time.ts';

/* The parts of a simulated world, and how its processes receive anything. */

export interface WorldOptions {
  readonly seed: number;
  readonly graph: Graph;
  /** The workflows that its steps start as child runs, by ID. */
  readonly workflows?: Readonly<Record<string, Graph>>;
  /** Chance that a request fails. */
  readonly faultChance: number;
  /** Overrides the outcome of a step's requests, by step ID, the number of its requests so far, and their URL. */
  readonly outside?: (stepId: string, count: number, url: string) => 'answers' | 'answers-slowly' | 'fails' | 'finds-no-server' | 'hangs' | 'closes-late';
  /** Why a call may not be made now, if it may not. */
  readonly refuse?: (call: CallPlace, now: number) => AppError | undefined;
  /** A broken store: each crash removes this many events from the end of the journal, although they were acknowledged. */
  readonly lostInCrash?: number;
  /** A broken store: it says that the run is on disk before it is. */
  readonly early?: boolean;
  /** Events that an earlier version wrote for the run. */
  readonly before?: readonly JournalEvent[];
  /** A broken sender: the idempotency key that is sent instead. */
  readonly changeKey?: (key: string) => string;
  /** A value that can't be stored: throws when it is checked, or later. */
  readonly unstorable?: 'at-once' | 'later';
  /** Two processes on one store, connected by a bus that loses and duplicates messages. */
  readonly drivers?: 2;
  /** How far the wall clock of each process is ahead, in the order of their starts. */
  readonly clocksAhead?: readonly number[];
  /** A broken engine. */
  readonly mutant?:
    | 'waking-steals'
    | 'no-fence'
    | 'crash-counts-against-progress'
    | 'claim-ignores-epoch'
    | 'sweep-doubles'
    | 'slow-owner-counts-as-crash'
    | 'tells-before-commit'
    /** In a for-each: after a crash, an item that has finished runs again; one more item runs than has a slot; results lose their order. */
    | 'item-runs-again'
    | 'slot-leaks'
    | 'order-is-lost'
    /** The end of a child run doesn’t reach its parent; a child run is started twice; a callback that comes before its wait isn’t kept. */
    | 'child-end-is-lost'
    | 'child-starts-twice'
    | 'early-callback-is-dropped'
    /** In a replay (S82a): a changed effect is performed; a recorded response is used twice; versions of node types don’t count. */
    | 'performs-effects'
    | 'answers-used-twice'
    | 'type-version-ignored';
  /** The store accepts no writes while this returns true. */
  readonly storeIsAway?: () => boolean;
}

/** What is stored of one run. */
export interface StoredRun {
  readonly journal: JournalEvent[];
  readonly signals: (Signal & { moved: boolean })[];
  summary: RunSummaryData | undefined;
  /** The record of the run exists. */
  accepted: boolean;
}

/** A child run. */
export interface ChildRun extends StoredRun {
  readonly run: AcceptedRun;
  readonly graph: Graph;
  /** Its parent has learned of its end. */
  isTold: boolean;
}

/** Everything that outlives a crash, and the number of crashes. The run that a scenario is about is stored here, and its child runs in `children`. */
export interface Inner extends StoredRun {
  readonly options: WorldOptions;
  readonly random: () => number;
  readonly time: VirtualTime;
  readonly published: JournalEvent[];
  /** By run ID. */
  readonly children: Map<string, ChildRun>;
  /** Wakes a run in a process. */
  wake(born: number, run: AcceptedRun): void;
  readonly blobs: Map<string, string>;
  readonly effects: Map<string, number>;
  readonly problems: string[];
  /** Every request, including those that fail or hang. */
  readonly asked: string[];
  readonly overdue: string[];
  readonly closed: string[];
  /** The run that each process has marked, by process ID. */
  readonly processes: Map<string, string | null>;
  /** A pure part has started, and no process has reported its end. */
  trial: boolean;
  /** Counts the processes so far. */
  generation: number;
  readonly alive: Set<number>;
  /** When the pause of each process ends. */
  readonly slowUntil: Map<number, number>;
  /** What the record of the run says about its owner. */
  readonly place: Pick<RunRecord, 'owner' | 'ownerEpoch' | 'queue' | 'slot'>;
  /** The records of processes that share the store. */
  readonly cluster: Map<string, ProcessRecord>;
  readonly listeners: Map<number, Set<(message: BusMessage) => void>>;
  open: number;
  loads: number;
}

/** Calls back into a process: never if it is dead, later while it is slow. */
export function hear(inner: Inner, born: number, fire: () => void): void {
  if (!inner.alive.has(born)) return;
  const left = (inner.slowUntil.get(born) ?? 0) - inner.time.elapsed();
  if (left > 0) inner.time.after(left, () => hear(inner, born, fire));
  else fire();
}

/** Does something after a while. If a crash comes first, it may or may not be done, and the caller never learns. */
export function later<T>(inner: Inner, born: number, perform: () => T): Promise<T> {
  const early = inner.random() < 0.5;
  let made: { value: T } | { error: unknown } | undefined;
  const make = () => {
    try {
      made = { value: perform() };
    } catch (error) {
      made = { error };
    }
  };
  if (early) make();
  return new Promise((resolve, reject) => {
    inner.time.after(Math.floor(inner.random() * 5), () => {
      hear(inner, born, () => {
        if (!made) make();
        if (made && 'value' in made) resolve(made.value);
        else reject(made?.error);
      });
    });
  });
}
