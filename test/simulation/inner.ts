import type { BusMessage } from '@switchyard/server/engine/bus.ts';
import type { RunSummaryData, Signal } from '@switchyard/server/engine/ports.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import type { VirtualTime } from './virtual-time.ts';

/* What a simulated world is made of, and how its processes hear of anything. */

export interface WorldOptions {
  readonly seed: number;
  readonly graph: Graph;
  /** Chance that a request fails. */
  readonly faultChance: number;
  /** What becomes of the requests of a step instead, by step id, the count of such requests so far, and their address. */
  readonly outside?: (stepId: string, count: number, url: string) => 'answers' | 'fails' | 'finds-nobody' | 'hangs' | 'lets-go-late';
  /** A store that is broken: each crash takes so many events from the end of the journal, though they were acknowledged. */
  readonly lostInCrash?: number;
  /** A store that is broken: it says that the run is on disk before it is. */
  readonly early?: boolean;
  /** What an earlier version has written of the run. */
  readonly before?: readonly JournalEvent[];
  /** A sender that is broken: the idempotency key that goes out instead. */
  readonly changeKey?: (key: string) => string;
  /** A value that cannot be stored: throws while it is looked at, or later. */
  readonly unstorable?: 'at-once' | 'later';
  /** Two processes on one store, which tell each other over a bus that loses and doubles messages. */
  readonly drivers?: 2;
  /** An engine that is broken. */
  readonly mutant?: 'waking-steals' | 'no-fence' | 'crash-counts-against-progress';
  /** The store takes no writes while this holds. */
  readonly storeIsAway?: () => boolean;
}

/** All that outlives a crash, and the count of crashes. */
export interface Inner {
  readonly options: WorldOptions;
  readonly random: () => number;
  readonly time: VirtualTime;
  readonly journal: JournalEvent[];
  readonly published: JournalEvent[];
  readonly signals: (Signal & { moved: boolean })[];
  readonly blobs: Map<string, string>;
  readonly effects: Map<string, number>;
  readonly problems: string[];
  /** Every request, those that fail or hang too. */
  readonly asked: string[];
  readonly overdue: string[];
  readonly closed: string[];
  /** The run that each process has marked, by its id. */
  readonly processes: Map<string, string | null>;
  summary: RunSummaryData | undefined;
  /** The record of the run is there. */
  accepted: boolean;
  /** A pure part has begun, and no process has said that it ended. */
  trial: boolean;
  /** Counts the processes that there were. */
  generation: number;
  readonly alive: Set<number>;
  /** Until when a process stands still. */
  readonly slowUntil: Map<number, number>;
  /** The process that drives the run, and the beats of all. */
  owner: number | undefined;
  readonly beats: Map<number, number>;
  readonly listeners: Map<number, Set<(message: BusMessage) => void>>;
  open: number;
}

/** Calls a process back: never when it is dead, later while it is slow. */
export function hear(inner: Inner, born: number, fire: () => void): void {
  if (!inner.alive.has(born)) return;
  const left = (inner.slowUntil.get(born) ?? 0) - inner.time.elapsed();
  if (left > 0) inner.time.after(left, () => hear(inner, born, fire));
  else fire();
}

/** Does something after a while, unless a crash comes first: then it is done or not, and nobody hears of it. */
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
