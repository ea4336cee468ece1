import { createEngine } from '@switchyard/server/engine/engine.ts';
import type { Engine } from '@switchyard/server/engine/engine-api.ts';
import type { OwnerChange, Ownership } from '@switchyard/server/engine/ownership.ts';
import type { AcceptedRun, AppendRow, EnginePorts, InsertRun, RunSummaryData, Signal } from '@switchyard/server/engine/ports.ts';
import { inProcessOwnership } from '@switchyard/server/ownership/in-process.ts';
import type { ProcessRecords } from '@switchyard/server/ownership/process-records.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { frameOf, parseAddress } from '@switchyard/shared/run/address.ts';
import type { JournalEvent, RunEvent } from '@switchyard/shared/run/events.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { hear, type Inner, later, type ChildRun as ReplayedRun, type StoredRun, type WorldOptions } from './inner.ts';
import { busOf } from './lossy-bus.ts';
import { simulatedOwnership, simulatedQueue } from './shared-ownership.ts';
import { simulatedNode } from './simulated-nodes.ts';
import { acceptedRun, childPorts, insertSignal, REPLAY, RUN, replayOf, storedRun, storedRuns } from './stored-runs.ts';
import { createVirtualTime, seeded, type VirtualTime } from './virtual-time.ts';

/*
 * A world for the engine: an in-memory store that outlives crashes, an outside that fails as the seed says, and its own clock. A crash
 * forgets everything in flight: a write may have been made and its response lost, or not have been made.
 */

export interface World {
  readonly time: VirtualTime;
  readonly run: AcceptedRun;
  readonly journal: JournalEvent[];
  /** Published events. */
  readonly published: JournalEvent[];
  readonly summary: () => RunSummaryData | undefined;
  /** Requests that reached the outside, by idempotency key and URL. */
  readonly effects: Map<string, number>;
  /** Every request that was started, including those that fail or hang. */
  readonly asked: string[];
  readonly problems: string[];
  /** How many values were loaded by reference. */
  readonly loads: () => number;
  /** How many requests have not closed their sockets yet. */
  readonly open: () => number;
  /** Reviews whose due time passed, once per report. */
  readonly overdue: string[];
  /** Reviews that no longer need a decision. */
  readonly closed: string[];
  engine(slot?: number): Engine;
  crash(slot?: number): void;
  /** The process pauses for this long, and then continues as if nothing had happened. */
  slow(slot: number, ms: number): void;
  signal(signal: Signal, slot?: number): void;
  /** Replays the run, which has ended, on a graph. */
  replay(graph: Graph): ReplayedRun;
  /** Its child runs, by ID. */
  readonly children: Inner['children'];
  /** One of several processes accepts the run, and drives it or leaves it in the queue. */
  accept(slot: number, how: 'owned' | 'queued'): void;
  /** What the record of the run says about its owner. */
  place(): Inner['place'];
  /** How many processes have started. */
  started(): number;
  /** The same, for a signal that may already exist. */
  decideOnce(signal: Signal, slot: number): void;
  /**
   * Starts the run as a waiting caller. Resolves once the caller learns that it exists, with the journal at that time; after a crash they
   * never do.
   */
  begin(): Promise<number>;
  /** The run is on disk. */
  exists(): boolean;
  /** Advances time until the run has ended or nothing more can happen. Processes may crash meanwhile. */
  play(crashChance: number, mostCrashes: number): Promise<number>;
}

/** Values with more characters of JSON than this are stored by reference. */
const BLOB_LIMIT = 1_000;
/** How long a request that closes late keeps running after its abort. */
export const LATE_MS = 5_000;
/** Longer than the time between two searches for runs without an owner. */
const SLOW_ANSWER_MS = 15_000;
const MOST_MOVES = 20_000;

/** The step that a key belongs to. */
function stepOfKey(key: string): string {
  const address = parseAddress(key.slice(key.indexOf(':') + 1));
  return address?.kind === 'call' ? address.stepId : '';
}

function append({ options: { mutant } }: Inner, { journal }: StoredRun, { seq, events }: AppendRow): void {
  if (seq !== journal.length + 1 && mutant !== 'no-fence') throw new AppError('already-exists', `seq ${seq} is taken`);
  const takeOvers = journal.filter((event) => event.type === 'driver-changed').length;
  for (const [index, event] of events.entries()) {
    const counted = mutant === 'crash-counts-against-progress' && event.type === 'driver-changed' ? { ...event, crashes: takeOvers + 1 } : event;
    journal.push(structuredClone({ ...broken(counted, mutant), seq: seq + index }) as JournalEvent);
  }
}

/** What a broken engine would have recorded instead. */
function broken(event: RunEvent, mutant: WorldOptions['mutant']): RunEvent {
  // It was told of one slot more than the journal.
  if (mutant === 'slot-leaks' && event.type === 'items-listed') return { ...event, concurrency: event.concurrency - 1 };
  if (mutant !== 'order-is-lost' || event.type !== 'step-finished') return event;
  const output = storedValue(event.output);
  return isPlainObject(output) && Array.isArray(output.items) ? { ...event, output: { ...output, items: output.items.toReversed() } } : event;
}

/** The call that has ended with this event. */
const again = (journal: readonly JournalEvent[], event: JournalEvent): JournalEvent[] =>
  event.type === 'call-finished' ? [...journal.filter((other) => other.type === 'call-started' && other.callId === event.callId).slice(0, 1), event] : [];

/** The graph of a run. A broken engine mistakes the versions of the recorded node types for those of the replay. */
function graphOf({ children, options: { graph, mutant } }: Inner, runId: string): Graph {
  const replay = mutant === 'type-version-ignored' && runId === RUN.runId ? children.get(REPLAY) : undefined;
  return (replay ?? children.get(runId))?.graph ?? graph;
}

/** The journal as a process reads it. One that is broken loses what happened in items that have ended. */
function readJournal({ options: { mutant } }: Inner, { journal }: StoredRun): JournalEvent[] {
  // Each call counts twice.
  if (mutant === 'answers-used-twice') return structuredClone(journal.flatMap((event) => [event, ...again(journal, event)]));
  if (mutant !== 'item-runs-again') return structuredClone(journal);
  const ended = new Set(journal.flatMap((event) => (event.type === 'frame-finished' ? [event.frameId] : [])));
  const isIn = (event: JournalEvent): boolean => ('frameId' in event ? ended.has(event.frameId) : 'stepId' in event && ended.has(frameOf(event.stepId) ?? ''));
  return structuredClone(journal.filter((event) => !isIn(event)));
}

function summarize({ place }: Inner, stored: StoredRun, next: RunSummaryData, owner?: OwnerChange): void {
  if (stored.summary && stored.summary.seq >= next.seq) return;
  if (owner && ((place.owner ?? null) !== owner.equal.owner || place.ownerEpoch !== owner.equal.ownerEpoch)) return;
  stored.summary = next;
  Object.assign(place, owner?.changes);
}

const pause = ({ time }: Inner, ms: number): Promise<void> => new Promise((resolve) => void time.after(ms, resolve));

/** The outside: counts the requests that reach it, and fails as the seed says, before or after. */
function request(inner: Inner, born: number, { idempotencyKey, url }: { idempotencyKey: string; url: string }, signal: AbortSignal): Promise<number> {
  const { outside, faultChance } = inner.options;
  const key = `${idempotencyKey} ${url}`;
  const count = [...inner.asked].filter((earlier) => earlier === key).length;
  inner.asked.push(key);
  const told = outside?.(stepOfKey(idempotencyKey), count, url);
  const fails = told === undefined ? inner.random() < faultChance : told === 'fails' || told === 'finds-no-server';
  const before = told === undefined ? inner.random() < 0.5 : told === 'finds-no-server';
  const lateMs = told === 'closes-late' ? LATE_MS : 0;
  inner.open++;
  const cut = new Promise<never>((_, reject) => {
    const letGo = () => hear(inner, born, () => reject(signal.reason));
    signal.addEventListener('abort', () => (lateMs > 0 ? inner.time.after(lateMs, letGo) : letGo()), { once: true });
  });
  const answer = () => {
    if (fails && before) throw new AppError('connect-failed', 'no connection', { beforeEffect: true });
    inner.effects.set(key, (inner.effects.get(key) ?? 0) + 1);
    if (fails) throw new AppError('unexpected-status', 'status 500');
    return 200;
  };
  const answered = told === 'answers-slowly' ? pause(inner, SLOW_ANSWER_MS).then(() => later(inner, born, answer)) : later(inner, born, answer);
  answered.catch(() => {});
  return Promise.race(told === 'hangs' || told === 'closes-late' ? [cut] : [answered, cut]).finally(() => inner.open--);
}

function storePorts(inner: Inner, born: number, ownership: Ownership) {
  return {
    loadRun: (runId) => later(inner, born, () => acceptedRun(inner, runId)),
    resolvePrompts: async () => [],
    loadPins: async () => ({}),
    isHeld: () => false,
    loadPrompt: () => Promise.reject(new Error('The simulation has no prompts')),
    loadGraph: ({ runId }) => later(inner, born, () => graphOf(inner, runId)),
    readJournal: ({ runId }) => later(inner, born, () => readJournal(inner, storedRun(inner, runId))),
    append: async ({ runId }, row, summary) => {
      const stored = storedRun(inner, runId);
      // A crash may come between the two, but the caller gets no response before both are done.
      const together = inner.random() < 0.9;
      const owner = summary && ownership.withStatus(runId, summary.status);
      const written = later(inner, born, () => {
        if (inner.options.storeIsAway?.()) throw new AppError('not-ready');
        append(inner, stored, row);
        if (summary && together) summarize(inner, stored, summary, owner);
      });
      if (inner.options.mutant === 'tells-before-commit') return void written.catch(() => {});
      await written;
      if (summary && !together) await later(inner, born, () => summarize(inner, stored, summary, owner));
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
    summarize: ({ runId }, next) => later(inner, born, () => summarize(inner, storedRun(inner, runId), next)),
    pendingSignals: ({ runId }) => later(inner, born, () => storedRun(inner, runId).signals.filter((signal) => !signal.moved)),
    insertSignal: (_, signal) => later(inner, born, () => insertSignal(inner, signal)),
    markMoved: ({ runId }, ids) =>
      later(inner, born, () => {
        for (const signal of storedRun(inner, runId).signals) if (ids.includes(signal.id)) signal.moved = true;
      }),
    openReview: () => later(inner, born, () => undefined),
    authority: (_, { group }) => later(inner, born, () => ({ group, share: null, position: 0, counts: false })),
    reviewOverdue: (_, id) => later(inner, born, () => void inner.overdue.push(id)),
    closeReviews: (_, ids) => later(inner, born, () => void inner.closed.push(...ids)),
    unfinishedRuns: () =>
      later(inner, born, () =>
        storedRuns(inner).flatMap(([runId, { summary }]) => {
          const { status = 'queued' as const, wakeAt = null } = summary ?? {};
          return isEnded(status) ? [] : [{ runId, status, wakeAt }];
        }),
      ),
    runsWithSignals: () => later(inner, born, () => storedRuns(inner).flatMap(([runId, { signals }]) => (signals.some(({ moved }) => !moved) ? [runId] : []))),
  } satisfies Partial<EnginePorts>;
}

/** The value itself, if this is a reference to it. */
export const storedValue = (stored: unknown): unknown => (isReference(stored) ? JSON.parse(stored.slice(BLOB.length)) : stored);
const BLOB = 'blob:';
export const isReference = (value: unknown): value is string => typeof value === 'string' && value.startsWith(BLOB);

/** The value of the large node. */
const isUnstorable = (value: unknown): boolean => JSON.stringify(value)?.includes('xxx') === true;
const staysInPlace = (value: unknown): boolean => (JSON.stringify(value) ?? 'null').length <= BLOB_LIMIT;
const processRecords = (inner: Inner, born: number): ProcessRecords => ({
  all: () => later(inner, born, () => [...inner.processes].map(([id, marked]) => ({ id, marked }))),
  add: (id) => later(inner, born, () => void inner.processes.set(id, null)),
  mark: (id, runId) => later(inner, born, () => void inner.processes.set(id, runId)),
  remove: (id) => later(inner, born, () => void inner.processes.delete(id)),
});

const noDocuments = () => Promise.reject(new AppError('internal', 'The simulation has no documents.'));

function portsOf(inner: Inner, born: number): EnginePorts {
  const { time, blobs, random, options } = inner;
  const { changeKey = (key: string) => key } = options;
  const bus = busOf(inner, born);
  const ownership = options.drivers === 2 ? simulatedOwnership(inner, born, bus) : inProcessOwnership(processRecords(inner, born), bus, `process-${born}`);
  return {
    ...storePorts(inner, born, ownership),
    now: () => time.now() + (options.clocksAhead?.[born] ?? 0),
    random,
    elapsed: time.elapsed,
    after: (ms, fire) => time.after(ms, () => hear(inner, born, fire)),
    turns: { isOver: () => false, next: () => Promise.resolve() },
    onClockSet: time.onSet,
    starting: () => {},
    bus,
    queue: simulatedQueue(inner, born, ownership),
    dispatch: { drives: true, slots: 100, offer: () => {}, freed: () => {} },
    ownership,
    staysInPlace: (value) => {
      if (isUnstorable(value) && options.unstorable === 'at-once') throw new RangeError('too deep');
      return staysInPlace(value);
    },
    offload: async (_, value) => {
      if (isUnstorable(value) && options.unstorable === 'later') throw new RangeError('too deep');
      if (staysInPlace(value)) return value;
      const json = JSON.stringify(value) ?? 'null';
      return later(inner, born, () => {
        blobs.set(`${BLOB}${json}`, json);
        return `${BLOB}${json}`;
      });
    },
    isReference,
    readFile: () => Promise.reject(new Error('no files here')),
    keepFile: () => Promise.reject(new Error('no files here')),
    load: (_, reference) => {
      inner.loads++;
      return later(inner, born, () => JSON.parse(blobs.get(String(reference)) ?? 'null'));
    },
    chat: () => Promise.reject(new AppError('internal', 'The simulation has no models.')),
    code: () => Promise.reject(new AppError('internal', 'The simulation has no sandbox.')),
    documents: { readText: noDocuments, readRows: noDocuments, write: noDocuments },
    http: async (asked, { signal, idempotencyKey, place }) => {
      const refused = options.refuse?.(place, time.now());
      if (refused) throw refused;
      const status = await request(inner, born, { idempotencyKey: changeKey(idempotencyKey), url: asked.url }, signal);
      return { answer: { status, headers: {}, text: asked.url, bytes: 0 }, record: { kind: 'http', method: 'POST', url: asked.url, status, latencyMs: 1 } };
    },
    state: () => Promise.reject(new AppError('internal', 'The simulation has no stored state.')),
    ...childPorts(inner, born, (reference) => (isReference(reference) ? JSON.parse(blobs.get(reference) ?? 'null') : reference)),
    rows: () => Promise.reject(new AppError('internal', 'The simulation has no tables.')),
    database: () => Promise.reject(new AppError('internal', 'The simulation has no databases.')),
    callbackUrl: ({ runId }, wait) => `https://callbacks.test/${runId}:${wait}`,
    redact: async (_, value) => ({ value, found: {} }),
    restore: async (_, value) => value,
    validate: () => [],
    report: (problem, { error }) => inner.problems.push(`${problem}: ${error instanceof Error ? error.message : ''}`),
  };
}

/** Starts the run as a waiting caller; see `World.begin`. */
async function beginRun(inner: Inner, engine: Engine, born: number): Promise<number> {
  inner.accepted = false;
  const insert: InsertRun = async (first) => {
    const inserted = later(inner, born, () => {
      inner.accepted = true;
      if (!first) return;
      append(inner, inner, first.row);
      summarize(inner, inner, first.summary);
    });
    if (!inner.options.early) await inserted;
  };
  return (await engine.begin(RUN, insert))?.seq ?? 0;
}

function innerOf(options: WorldOptions): Inner {
  return {
    options,
    random: seeded(options.seed),
    time: createVirtualTime(),
    journal: [...(options.before ?? [])],
    published: [],
    signals: [],
    children: new Map(),
    wake: () => {},
    blobs: new Map(),
    effects: new Map(),
    problems: [],
    asked: [],
    overdue: [],
    closed: [],
    processes: new Map(),
    summary: undefined,
    accepted: options.drivers !== 2,
    trial: false,
    generation: 0,
    alive: new Set(),
    slowUntil: new Map(),
    place: {},
    cluster: new Map(),
    listeners: new Map(),
    open: 0,
    loads: 0,
  };
}

export function createWorld(options: WorldOptions): World {
  const inner = innerOf(options);
  const [engines, numbers]: [Engine[], number[]] = [[], []];
  let started = 0;
  inner.wake = (born, run) => engines[numbers.indexOf(born)]?.wake(run.runId, run);
  const boot = (slot: number): Engine => {
    const born = inner.generation++;
    inner.alive.add(born);
    numbers[slot] = born;
    const engine = createEngine(portsOf(inner, born), simulatedNode);
    engines[slot] = engine;
    engine.recover().then(
      () => started++,
      (error) => inner.problems.push(String(error)),
    );
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
    loads: () => inner.loads,
    open: () => inner.open,
    summary: () => inner.summary,
    exists: () => inner.accepted,
    engine: (slot = 0) => engines[slot] ?? boot(slot),
    begin: () => beginRun(inner, world.engine(), inner.generation - 1),
    slow: (slot, ms) => void inner.slowUntil.set(numbers[slot] ?? -1, inner.time.elapsed() + ms),
    crash: (slot = 0) => {
      inner.alive.delete(numbers[slot] ?? -1);
      if (options.drivers !== 2) inner.open = 0;
      journal.splice(journal.length - (options.lostInCrash ?? 0));
      boot(slot);
    },
    signal: (signal, slot = 0) => {
      insertSignal(inner, signal);
      world.engine(slot).wake(signal.runId);
    },
    replay: (graph) => replayOf(inner, graph),
    children: inner.children,
    started: () => started,
    accept: (slot, how) => {
      inner.accepted = true;
      Object.assign(inner.place, how === 'queued' ? { queue: '1|workflow|||run' } : { owner: `process-${numbers[slot]}`, ownerEpoch: 1 });
      world.engine(slot).wake(RUN.runId, how === 'queued' ? { ...RUN, queued: true } : RUN);
    },
    place: () => inner.place,
    decideOnce: (signal, slot) => void (insertSignal(inner, signal) && world.engine(slot).wake(RUN.runId)),
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
      throw new Error(`seed ${options.seed}: the run does not end`);
    },
  };
  return world;
}
