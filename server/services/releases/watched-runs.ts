import { readFacts } from '@switchyard/shared/run/facts/run-facts.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { SidedRun } from '../../evaluation/watch/look.ts';
import { FEWEST_FOR_LIMITS, knownLoss, type Limits, limitOf } from '../../evaluation/watch/measures.ts';
import { type RunRecord, runs, type WorkflowRecord } from '../../store/collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { isLiveTrigger } from './choose-version.ts';
import { isoBefore, laterOf, lateScores, OVERLAP_MS } from './late-scores.ts';

/*
 * The live runs of both versions of a watched release, in memory: read once when they are accepted, and again until they have ended. Owns which
 * of them count. A process that begins to watch reads all of them. Clocks of processes may differ by OVERLAP_MS; a run that is inserted later
 * than that after its time of acceptance is not counted.
 */

const PAGE = 500;
/** Runs read per look. The next look reads on. */
const MOST_PAGES = 20;
/** Later runs are not counted. */
const MOST_RUNS = 50_000;
/** Open runs read again per look. */
const MOST_OPEN = 500;
/** Earlier runs of the stable version whose durations and costs set the limits. */
const EARLIER = 500;
const DAY_MS = 86_400_000;
const FIELDS = ['createdAt', 'endedAt', 'status', 'costMicros', 'version', 'releaseRevision', 'stickyKey', 'facts', 'trigger', 'rating'];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Entry extends Mutable<SidedRun> {
  readonly id: string;
  /** With a sticky key: the first of its key and day. */
  readonly counts: boolean;
}

export interface WatchedRuns {
  /** Reads what is new. Resolves to false if there is more to read. */
  refresh(store: WorkspaceStore): Promise<boolean>;
  counted(): SidedRun[];
  /** Null while too few runs of the stable version are known. */
  limits(): Limits;
  /** About the mean of points lost on the stable version, from its earlier runs. */
  readonly knownLoss: number | undefined;
  readonly counts: { readonly stable: number; readonly canary: number; readonly countedStable: number; readonly countedCanary: number };
  /** Distinct sticky keys. Null without any. */
  customers(): { readonly canary: number; readonly all: number } | null;
}

type Watched = Pick<WorkflowRecord, 'id' | 'release' | 'releasedAt' | 'watchedRevision'>;

export async function watchRuns(store: WorkspaceStore, workflow: Watched): Promise<WatchedRuns> {
  const { id: workflowId, watchedRevision, releasedAt = '' } = workflow;
  const canary = workflow.release[1]?.version;
  const earlier = await earlierRuns(store, workflow);
  const entries = new Map<string, Entry>();
  const keys = createKeys();
  const counts = { stable: 0, canary: 0, countedStable: 0, countedCanary: 0 };
  let open: Entry[] = [];
  let from = isoBefore(releasedAt, OVERLAP_MS);
  const late = await lateScores(store, workflowId, releasedAt);
  const rate = createRating();
  let limits: Limits | undefined;

  const add = (record: RunRecord): void => {
    if (record.releaseRevision !== watchedRevision || entries.has(record.id)) return;
    const side = record.version === canary ? 'canary' : 'stable';
    const entry: Entry = { id: record.id, side, counts: keys.isFirst(record, side), ...valuesOf(record) };
    rate(entry, entry.score);
    entries.set(record.id, entry);
    counts[side]++;
    if (entry.counts) counts[side === 'canary' ? 'countedCanary' : 'countedStable']++;
    if (entry.endedAt === null) open.push(entry);
  };

  const readNew = async (reader: WorkspaceStore): Promise<boolean> => {
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES && entries.size < MOST_RUNS; page++) {
      const found = await reader.find(runs, {
        where: { workflowId },
        range: { field: 'createdAt', from },
        order: { field: 'createdAt' },
        fields: FIELDS,
        limit: PAGE,
        ...(cursor !== undefined && { cursor }),
      });
      for (const record of found.items) add(record);
      const last = found.items.at(-1);
      if (found.nextCursor === null) {
        if (last) from = laterOf(from, isoBefore(last.createdAt, OVERLAP_MS));
        return true;
      }
      cursor = found.nextCursor;
      if (page === MOST_PAGES - 1 && last) from = last.createdAt;
    }
    return entries.size >= MOST_RUNS;
  };

  const readOpen = async (reader: WorkspaceStore): Promise<void> => {
    const [now, later] = [open.slice(0, MOST_OPEN), open.slice(MOST_OPEN)];
    const records = await Promise.all(now.map(({ id }) => reader.get(runs, id)));
    const left = now.filter((entry, index) => {
      const record = records[index];
      if (record) Object.assign(entry, valuesOf(record));
      return record !== undefined && entry.endedAt === null;
    });
    open = [...later, ...left];
  };

  return {
    refresh: async (reader) => {
      await readOpen(reader);
      for (const { runId, score } of await late.read(reader, (id) => entries.has(id))) rate(entries.get(runId), score);
      return readNew(reader);
    },
    knownLoss: knownLoss(earlier.flatMap(({ score }) => (score === undefined ? [] : [score]))),
    counted: () => [...entries.values()].filter((entry) => entry.counts),
    limits: () => {
      limits ??= limitsFrom(earlier, entries.values());
      return limits ?? { slowMs: null, costMicros: null };
    },
    counts,
    customers: keys.distinct,
  };
}

/** Gives runs their scores, numbered in the order in which they arrive. */
function createRating(): (entry: Entry | undefined, score: number | undefined) => void {
  let rated = 0;
  return (entry, score) => {
    if (!entry || score === undefined) return;
    entry.score = score;
    entry.scoreOrder ??= rated++;
  };
}

/** The sticky keys of watched runs. */
function createKeys() {
  const [canary, all] = [new Set<string>(), new Set<string>()];
  const days = new Map<string, number>();
  return {
    /** Whether a run is the first of its key and day, or has no key. */
    isFirst: ({ stickyKey, createdAt }: RunRecord, side: SidedRun['side']): boolean => {
      if (stickyKey === undefined) return true;
      all.add(stickyKey);
      if (side === 'canary') canary.add(stickyKey);
      const day = Math.floor(Date.parse(createdAt) / DAY_MS);
      const isFirst = days.get(stickyKey) !== day;
      days.set(stickyKey, day);
      return isFirst;
    },
    distinct: () => (all.size === 0 ? null : { canary: canary.size, all: all.size }),
  };
}

function valuesOf({ createdAt, endedAt, status, costMicros, facts, rating }: RunRecord): Omit<SidedRun, 'side'> {
  const { reviewsDecided, reviewsChanged } = readFacts(facts);
  return {
    acceptedAt: Date.parse(createdAt),
    endedAt: endedAt === null || !isEnded(status) ? null : Date.parse(endedAt),
    failed: status === 'failed',
    costMicros,
    ...(rating !== null && rating !== undefined && { score: rating }),
    ...(reviewsDecided > 0 && { corrected: reviewsChanged > 0 }),
  };
}

/** The last live runs of the stable version before the canary. */
async function earlierRuns(store: WorkspaceStore, { id, release, releasedAt = '' }: Watched): Promise<Ended[]> {
  const { items } = await store.find(runs, {
    where: { workflowId: id },
    range: { field: 'createdAt', to: releasedAt },
    order: { field: 'createdAt', descending: true },
    fields: FIELDS,
    limit: 2 * EARLIER,
  });
  const stable = items.filter((record) => record.version === release[0]?.version && isLiveTrigger(record)).map(valuesOf);
  return stable.filter(hasEnded).slice(0, EARLIER);
}

type Ended = Omit<SidedRun, 'side'> & { readonly endedAt: number };
const hasEnded = <T extends { readonly endedAt: number | null }>(run: T): run is T & { readonly endedAt: number } => run.endedAt !== null;

/** The limits by earlier runs, or by the first ones of the stable version, which are then not compared with them. */
function limitsFrom(earlier: readonly Ended[], entries: Iterable<Entry>): Limits | undefined {
  if (earlier.length >= FEWEST_FOR_LIMITS) return limitsOf(earlier);
  const stable = [...entries].filter(({ side }) => side === 'stable');
  const ended = stable.filter(hasEnded).slice(0, FEWEST_FOR_LIMITS);
  if (ended.length < FEWEST_FOR_LIMITS) return undefined;
  for (const entry of ended) entry.setLimits = true;
  return limitsOf(ended);
}

const limitsOf = (ended: readonly { readonly acceptedAt: number; readonly endedAt: number; readonly costMicros: number }[]): Limits => ({
  slowMs: limitOf(ended.map(({ acceptedAt, endedAt }) => endedAt - acceptedAt)),
  costMicros: limitOf(ended.map(({ costMicros }) => costMicros)),
});
