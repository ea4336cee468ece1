import { AppError, isAppError, toAppError } from '@switchyard/shared/errors.ts';
import { isoTime } from '@switchyard/shared/iso-time.ts';
import type { Actor } from '@switchyard/shared/run/actor.ts';
import type { JournalEvent, RunEvent } from '@switchyard/shared/run/events.ts';
import { applyEvent } from '@switchyard/shared/run/fold.ts';
import { isEnded, type RunState, type RunStatus } from '@switchyard/shared/run/state.ts';
import { storeRetryMs } from '@switchyard/shared/store-retry.ts';
import type { AcceptedRun, AppendRow, EnginePorts, InsertRun, RunSummaryData } from './ports.ts';
import { summaryOf } from './summary.ts';

/*
 * Owns how events get into the journal of one run.
 * Invariants: 1. Events are applied to the state when recorded, and are on disk when `commit` resolves. 2. Rows are written one after
 * another, each at the head. 3. Nothing is published before its commit. 4. A row that collides means another driver has the run: the writer
 * is fenced and writes nothing more (S15). 5. While the store is unavailable, it retries; no recorded event is dropped. 6. A run that is
 * not on disk yet is inserted with its first row, or not at all. 7. `onCommitted` is called only when everything in the state is on disk: a
 * reply seen there is a committed one. 8. Work given to `alongside` shares the time of the next rows, and is done before they are published.
 */

/** How many events may wait to be written together, and how long. Pages see them only then, and a crash loses them. */
const MOST_PENDING = 2_000;
const LONGEST_PENDING_MS = 25;

/** An event as the engine records it; the writer adds the time. */
export type NewEvent = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at' | 'actor'> & { readonly actor?: Actor } : never) : never;

export interface JournalWriter {
  record(event: NewEvent): void;
  /** Resolves when every recorded event is on disk; rejects if another driver took over the run. */
  commit(): Promise<void>;
  /** True while more events may join the pending ones before they are written. A commit costs the same for one event as for a thousand. */
  mayGrow(): boolean;
  /** Publishes what is committed from now on only after this work, too. The row itself doesn’t wait for it. */
  alongside(work: Promise<unknown>): void;
  /** True if no event is pending. */
  idle(): boolean;
  /** True if the run is on disk. */
  inserted(): boolean;
}

/** The commit that inserts a run together with its first row (S40). Nothing is published before it, and it is attempted only once. */
export interface FirstCommit {
  readonly insert: InsertRun;
  /** A copy of the committed state, which later events do not change, or `undefined` if more was recorded since. */
  inserted(state: RunState | undefined): void;
  /** The run was not inserted: its work is discarded. */
  refused(error: unknown): void;
}

export function createJournalWriter(options: {
  readonly ports: EnginePorts;
  readonly run: AcceptedRun;
  readonly state: RunState;
  /** The externally visible state. */
  readonly visible: () => RunState;
  /** The status in the run's record. */
  readonly shownStatus: RunStatus;
  readonly onCommitted: () => void;
  /** Set if the run is not on disk yet: its first row is written with it. */
  readonly first?: FirstCommit | undefined;
}): JournalWriter {
  const { ports, run, state, visible, onCommitted } = options;
  /** Pending events, as stored and as published: the number of a stored event follows from its row. */
  let stored: RunEvent[] = [];
  let numbered: JournalEvent[] = [];
  let pendingSince = 0;
  let tail: Promise<void> = Promise.resolve();
  let others: Promise<unknown>[] = [];
  let writing = 0;
  let shown = options.shownStatus;
  let inserted = options.first === undefined;

  const idle = (): boolean => writing === 0 && stored.length === 0;

  const record = (event: NewEvent): void => {
    const dated = { ...event, at: isoTime(ports.now()) } as RunEvent;
    const full: JournalEvent = { ...dated, seq: state.seq + 1 };
    applyEvent(state, full);
    if (stored.length === 0) pendingSince = ports.elapsed();
    stored.push(dated);
    numbered.push(full);
  };

  const write = async (row: AppendRow, summary: RunSummaryData | undefined): Promise<void> => {
    if (inserted) await appendRetrying(ports, run, row, summary);
    else await options.first?.insert({ row, summary: summary ?? summaryOf(state) });
  };

  const commit = (): Promise<void> => {
    const [first] = numbered;
    if (!first) return tail;
    const row: AppendRow = { seq: first.seq, epoch: state.epoch, v: state.eventVersion, events: stored };
    const events = numbered;
    stored = [];
    numbered = [];
    writing++;
    const now = visible();
    const { status } = now;
    const summary = status !== shown || isEnded(status) || !inserted ? summaryOf(now) : undefined;
    shown = status;
    const together = others;
    others = [];
    tail = tail.then(async () => {
      await Promise.all([write(row, summary), ...together]);
      writing--;
      const isFirst = !inserted;
      inserted = true;
      ports.bus.publish({ kind: 'run-committed', run, events, head: first.seq + events.length - 1, status, state });
      if (idle()) onCommitted();
      if (isFirst) options.first?.inserted(idle() ? { ...visible() } : undefined);
    });
    tail.catch(() => {});
    return tail;
  };

  const mayGrow = (): boolean => inserted && stored.length < MOST_PENDING && ports.elapsed() - pendingSince < LONGEST_PENDING_MS;

  const alongside = (work: Promise<unknown>): void => {
    const { runId } = run;
    others.push(work.catch((error: unknown) => ports.report('Work alongside the journal failed', { runId, error })));
  };

  return { record, commit, mayGrow, alongside, idle, inserted: () => inserted };
}

const withoutSeq = ({ seq: _, ...event }: JournalEvent): RunEvent => event as RunEvent;

/**
 * Appends, retrying while the store is unavailable. A collision with our own row (written, but its response was lost) counts as success.
 */
async function appendRetrying(ports: EnginePorts, run: AcceptedRun, row: AppendRow, summary: RunSummaryData | undefined): Promise<void> {
  let tries = 0;
  await untilDone(ports, run, async () => {
    try {
      await ports.append(run, row, summary);
    } catch (thrown) {
      if (!isAppError(thrown, 'already-exists')) throw thrown;
      if (tries > 0 && (await isOurs(ports, run, row))) return summary && ports.summarize(run, summary);
      throw new AppError('in-use', 'Another driver has taken over this run.', { cause: thrown });
    } finally {
      tries++;
    }
  });
}

async function isOurs(ports: EnginePorts, run: AcceptedRun, row: AppendRow): Promise<boolean> {
  const journal = await ports.readJournal(run);
  const there = journal.filter((event) => event.seq >= row.seq && event.seq < row.seq + row.events.length).map(withoutSeq);
  return JSON.stringify(there) === JSON.stringify(row.events);
}

async function untilDone(ports: EnginePorts, run: AcceptedRun, write: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await write();
    } catch (thrown) {
      if (isAppError(thrown, 'in-use')) throw thrown;
      ports.report('Writing journal failed; retrying', { runId: run.runId, error: toAppError(thrown) });
      await new Promise<void>((resolve) => ports.after(storeRetryMs(tries), resolve));
    }
  }
}
