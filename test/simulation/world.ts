import { createEngine } from '@switchyard/server/engine/engine.ts';
import type { Engine } from '@switchyard/server/engine/engine-api.ts';
import type { AcceptedRun, AppendRow, EnginePorts, InsertRun, RunSummaryData, Signal } from '@switchyard/server/engine/ports.ts';
import { inProcessOwnership } from '@switchyard/server/ownership/in-process.ts';
import type { ProcessRecords } from '@switchyard/server/ownership/process-records.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { OWNER } from '@switchyard/shared/run/actor.ts';
import { parseAddress } from '@switchyard/shared/run/address.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { simulatedNode } from './simulated-nodes.ts';
import { createVirtualTime, seeded, type VirtualTime } from './virtual-time.ts';

/*
 * A world for the engine: a store in memory that outlives crashes, an outside that fails as the seed says, a clock of its own.
 * A crash forgets everything that was in flight: a write may have been made and its answer lost, or not have been made.
 */

export interface World {
  readonly time: VirtualTime;
  readonly run: AcceptedRun;
  readonly journal: JournalEvent[];
  /** Events that were shown to others. */
  readonly published: JournalEvent[];
  readonly summary: () => RunSummaryData | undefined;
  /** Requests that reached the outside, by idempotency key and URL. */
  readonly effects: Map<string, number>;
  /** Every request that was begun, those that fail or hang too. */
  readonly asked: string[];
  readonly problems: string[];
  /** How many requests have not let go of their sockets yet. */
  readonly open: () => number;
  /** Tasks whose due time passed, as often as that was told. */
  readonly overdue: string[];
  /** Tasks that nobody needs to decide any more. */
  readonly closed: string[];
  engine(): Engine;
  crash(): void;
  signal(signal: Signal): void;
  /**
   * Starts the run as somebody who waits for it. Resolves once they are told that it exists, with the journal as it was then; after a
   * crash they are never told.
   */
  begin(): Promise<number>;
  /** The run is on disk. */
  exists(): boolean;
  /** Moves time until the run has ended, or nothing can happen any more; may crash on the way. */
  play(crashChance: number, mostCrashes: number): Promise<number>;
}

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
  /** The store takes no writes while this holds. */
  readonly storeIsAway?: () => boolean;
}

/** Values over this many characters of JSON are kept by reference. */
const BLOB_LIMIT = 1_000;
/** How long a request that lets go late is still at it after it was cut off. */
export const LATE_MS = 5_000;
const MOST_MOVES = 20_000;

const RUN: AcceptedRun = {
  runId: 'run',
  workspaceId: 'w',
  workflowId: 'workflow',
  version: 1,
  graphHash: 'graph',
  trigger: { kind: 'api', body: { n: 1 } },
  labels: {},
  actor: OWNER,
};

/** All that outlives a crash, and the count of crashes. */
interface Inner {
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
  generation: number;
  open: number;
}

/** Does something after a while, unless a crash comes first: then it is done or not, and nobody hears of it. */
function later<T>(inner: Inner, born: number, perform: () => T): Promise<T> {
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
      if (born !== inner.generation) return;
      if (!made) make();
      if (made && 'value' in made) resolve(made.value);
      else reject(made?.error);
    });
  });
}

/** The step that a key stands for. */
function stepOfKey(key: string): string {
  const address = parseAddress(key.slice(`${RUN.runId}:`.length));
  return address?.kind === 'call' ? address.stepId : '';
}

function append({ journal }: Inner, row: AppendRow): void {
  if (row.seq !== journal.length + 1) throw new AppError('already-exists', `seq ${row.seq} is taken`);
  for (const [index, event] of row.events.entries()) journal.push(structuredClone({ ...event, seq: row.seq + index }) as JournalEvent);
}

function summarize(inner: Inner, next: RunSummaryData): void {
  if (!inner.summary || inner.summary.seq < next.seq) inner.summary = next;
}

function insertSignal({ signals }: Inner, signal: Signal): boolean {
  if (signals.some((other) => other.id === signal.id)) return false;
  signals.push({ ...signal, moved: false });
  return true;
}

/** The outside: counts what reached it, and fails as the seed says, before or after it was reached. */
function request(inner: Inner, born: number, { idempotencyKey, url }: { idempotencyKey: string; url: string }, signal: AbortSignal): Promise<number> {
  const { outside, faultChance } = inner.options;
  const key = `${idempotencyKey} ${url}`;
  const count = [...inner.asked].filter((earlier) => earlier === key).length;
  inner.asked.push(key);
  const told = outside?.(stepOfKey(idempotencyKey), count, url);
  const fails = told === undefined ? inner.random() < faultChance : told === 'fails' || told === 'finds-nobody';
  const before = told === undefined ? inner.random() < 0.5 : told === 'finds-nobody';
  const lateMs = told === 'lets-go-late' ? LATE_MS : 0;
  inner.open++;
  const cut = new Promise<never>((_, reject) => {
    const letGo = () => born === inner.generation && reject(signal.reason);
    signal.addEventListener('abort', () => (lateMs > 0 ? inner.time.after(lateMs, letGo) : letGo()), { once: true });
  });
  const answered = later(inner, born, () => {
    if (fails && before) throw new AppError('connect-failed', 'no connection', { beforeEffect: true });
    inner.effects.set(key, (inner.effects.get(key) ?? 0) + 1);
    if (fails) throw new AppError('unexpected-status', 'status 500');
    return 200;
  });
  answered.catch(() => {});
  return Promise.race(told === 'hangs' || told === 'lets-go-late' ? [cut] : [answered, cut]).finally(() => inner.open--);
}

function storePorts(inner: Inner, born: number) {
  const { journal, signals } = inner;
  return {
    loadRun: () => later(inner, born, () => (inner.accepted ? RUN : undefined)),
    loadGraph: () => later(inner, born, () => inner.options.graph),
    readJournal: () => later(inner, born, () => structuredClone(journal)),
    append: async (_, row, summary) => {
      // A crash may come between the two, but who appends hears of neither before both are done.
      const together = inner.random() < 0.9;
      await later(inner, born, () => {
        if (inner.options.storeIsAway?.()) throw new AppError('not-ready');
        append(inner, row);
        if (summary && together) summarize(inner, summary);
      });
      if (summary && !together) await later(inner, born, () => summarize(inner, summary));
    },
    beginTrial: () =>
      later(inner, born, () => {
        const isFirst = !inner.trial;
        inner.trial = true;
        return isFirst;
      }),
    endTrial: () =>
      later(inner, born, () => {
        inner.trial = false;
      }),
    summarize: (_, next) => later(inner, born, () => summarize(inner, next)),
    pendingSignals: () => later(inner, born, () => signals.filter((signal) => !signal.moved)),
    insertSignal: (_, signal) => later(inner, born, () => insertSignal(inner, signal)),
    markMoved: (_, ids) =>
      later(inner, born, () => {
        for (const signal of signals) if (ids.includes(signal.id)) signal.moved = true;
      }),
    openReview: () => later(inner, born, () => undefined),
    reviewOverdue: (_, id) => later(inner, born, () => void inner.overdue.push(id)),
    closeReviews: (_, ids) => later(inner, born, () => void inner.closed.push(...ids)),
    unfinishedRuns: () =>
      later(inner, born, () => {
        const { status = 'queued' as const, wakeAt = null } = inner.summary ?? {};
        return isEnded(status) || !inner.accepted ? [] : [{ runId: RUN.runId, status, wakeAt }];
      }),
    runsWithSignals: () => later(inner, born, () => (signals.some((signal) => !signal.moved) ? [RUN.runId] : [])),
  } satisfies Partial<EnginePorts>;
}

/** What the large node makes. */
const isUnstorable = (value: unknown): boolean => JSON.stringify(value)?.includes('xxx') === true;
const staysInPlace = (value: unknown): boolean => (JSON.stringify(value) ?? 'null').length <= BLOB_LIMIT;
const processRecords = (inner: Inner, born: number): ProcessRecords => ({
  all: () => later(inner, born, () => [...inner.processes].map(([id, marked]) => ({ id, marked }))),
  add: (id) => later(inner, born, () => void inner.processes.set(id, null)),
  mark: (id, runId) => later(inner, born, () => void inner.processes.set(id, runId)),
  remove: (id) => later(inner, born, () => void inner.processes.delete(id)),
});

function portsOf(inner: Inner, born: number): EnginePorts {
  const { time, blobs, random, options } = inner;
  const { changeKey = (key: string) => key } = options;
  return {
    ...storePorts(inner, born),
    now: time.now,
    random,
    elapsed: time.elapsed,
    after: (ms, fire) => time.after(ms, () => born === inner.generation && fire()),
    onClockSet: time.onSet,
    starting: () => {},
    ownership: inProcessOwnership(processRecords(inner, born), `process-${born}`),
    staysInPlace: (value) => {
      if (isUnstorable(value) && options.unstorable === 'at-once') throw new RangeError('too deep');
      return staysInPlace(value);
    },
    offload: async (_, value) => {
      if (isUnstorable(value) && options.unstorable === 'later') throw new RangeError('too deep');
      if (staysInPlace(value)) return value;
      const json = JSON.stringify(value) ?? 'null';
      return later(inner, born, () => {
        blobs.set(`blob:${json}`, json);
        return `blob:${json}`;
      });
    },
    isReference: (value) => typeof value === 'string' && value.startsWith('blob:'),
    load: (_, reference) => later(inner, born, () => JSON.parse(blobs.get(String(reference)) ?? 'null')),
    chat: () => Promise.reject(new AppError('internal', 'The simulation has no models.')),
    http: async (asked, { signal, idempotencyKey }) => {
      const status = await request(inner, born, { idempotencyKey: changeKey(idempotencyKey), url: asked.url }, signal);
      return { answer: { status, headers: {}, text: asked.url, bytes: 0 }, record: { kind: 'http', method: 'POST', url: asked.url, status, latencyMs: 1 } };
    },
    validate: () => [],
    publish: (_, events) => void inner.published.push(...structuredClone(events)),
    delta: () => {},
    report: (problem, { error }) => inner.problems.push(`${problem}: ${error instanceof Error ? error.message : ''}`),
  };
}

/** Starts the run as somebody who waits for it; see `World.begin`. */
async function beginRun(inner: Inner, engine: Engine): Promise<number> {
  const born = inner.generation;
  inner.accepted = false;
  const insert: InsertRun = async (first) => {
    const inserted = later(inner, born, () => {
      inner.accepted = true;
      if (!first) return;
      append(inner, first.row);
      summarize(inner, first.summary);
    });
    if (!inner.options.early) await inserted;
  };
  return (await engine.begin(RUN, insert))?.seq ?? 0;
}

export function createWorld(options: WorldOptions): World {
  const inner: Inner = {
    options,
    random: seeded(options.seed),
    time: createVirtualTime(),
    journal: [...(options.before ?? [])],
    published: [],
    signals: [],
    blobs: new Map(),
    effects: new Map(),
    problems: [],
    asked: [],
    overdue: [],
    closed: [],
    processes: new Map(),
    summary: undefined,
    accepted: true,
    trial: false,
    generation: 0,
    open: 0,
  };
  let engine: Engine | undefined;
  const boot = (): Engine => {
    engine = createEngine(portsOf(inner, inner.generation), simulatedNode);
    engine.recover().catch((error) => inner.problems.push(String(error)));
    return engine;
  };
  const { time, journal, published, effects, asked, overdue, closed, problems, random } = inner;
  const world: World = {
    time,
    run: RUN,
    journal,
    published,
    effects,
    asked,
    overdue,
    closed,
    problems,
    open: () => inner.open,
    summary: () => inner.summary,
    engine: () => engine ?? boot(),
    exists: () => inner.accepted,
    begin: () => beginRun(inner, world.engine()),
    crash: () => {
      inner.generation++;
      inner.open = 0;
      journal.splice(journal.length - (options.lostInCrash ?? 0));
      boot();
    },
    signal: (signal) => {
      insertSignal(inner, signal);
      world.engine().wake(RUN.runId);
    },
    play: async (crashChance, mostCrashes) => {
      let crashes = 0;
      world.engine();
      for (let moves = 0; moves < MOST_MOVES; moves++) {
        if (crashes < mostCrashes && random() < crashChance) {
          crashes++;
          world.crash();
        }
        if (!(await time.step())) return crashes;
      }
      throw new Error(`seed ${options.seed}: the run does not come to an end`);
    },
  };
  return world;
}
