import { AppError, isAppError, toAppError } from '@switchyard/shared/errors.ts';
import type { Actor } from '@switchyard/shared/run/actor.ts';
import type { JournalEvent, RunEvent } from '@switchyard/shared/run/events.ts';
import { applyEvent } from '@switchyard/shared/run/fold.ts';
import { isEnded, type RunState, type RunStatus } from '@switchyard/shared/run/state.ts';
import { storeRetryMs } from '@switchyard/shared/store-retry.ts';
import type { AcceptedRun, AppendRow, EnginePorts, InsertRun, RunSummaryData } from './ports.ts';
import { summaryOf } from './summary.ts';

/*
 * Owns the way of events into the journal of one run.
 * Invariants: 1. Events are applied to the state when recorded, and are on disk when `commit` resolves. 2. Rows go one after the
 * other, each at the head. 3. Nothing is published before its commit. 4. A row that collides means another driver has the run:
 * the writer is lost and writes nothing more (S15). 5. While the store is away it tries again; nothing recorded is dropped.
 * 6. A run that is not on disk yet is inserted with its first row, or not at all.
 * 7. `onCommitted` is told only when the state holds nothing but what is on disk: a reply seen in it is a committed one.
 */

/** An event as the engine records it; the writer puts the time in. */
export type NewEvent = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at' | 'actor'> & { readonly actor?: Actor } : never) : never;

export interface JournalWriter {
  record(event: NewEvent): void;
  /** Resolves when all that was recorded is on disk; rejects when the run was lost to another driver. */
  commit(): Promise<void>;
  /** Nothing waits to be written. */
  idle(): boolean;
  /** The run is on disk. */
  inserted(): boolean;
}

/** The commit that inserts a run together with its first row (S40). Nobody is told anything before it, and it is tried only once. */
export interface FirstCommit {
  readonly insert: InsertRun;
  /** The state as committed; `undefined` when more has been recorded since. */
  inserted(state: RunState | undefined): void;
  /** The run was not inserted: its work is thrown away. */
  refused(error: unknown): void;
}

export function createJournalWriter(options: {
  readonly ports: EnginePorts;
  readonly run: AcceptedRun;
  readonly state: RunState;
  /** The state as others may see it now. */
  readonly seen: () => RunState;
  /** What the row of the run shows now. */
  readonly shownStatus: RunStatus;
  readonly onCommitted: () => void;
  /** The run is not on disk yet: its first row is written with it. */
  readonly first?: FirstCommit | undefined;
}): JournalWriter {
  const { ports, run, state, seen, onCommitted } = options;
  let buffer: JournalEvent[] = [];
  let tail: Promise<void> = Promise.resolve();
  let writing = 0;
  let shown = options.shownStatus;
  let inserted = options.first === undefined;

  const idle = (): boolean => writing === 0 && buffer.length === 0;

  const record = (event: NewEvent): void => {
    const full = { ...event, at: new Date(ports.now()).toISOString(), seq: state.seq + 1 } as JournalEvent;
    applyEvent(state, full);
    buffer.push(full);
  };

  const write = async (events: readonly JournalEvent[], epoch: number, summary: RunSummaryData | undefined): Promise<void> => {
    const first = events[0];
    if (!first) return;
    const row = { seq: first.seq, epoch, events: events.map(withoutSeq) };
    if (inserted) await appendSurely(ports, run, row, summary);
    else await options.first?.insert({ row, summary: summary ?? summaryOf(state) });
  };

  const commit = (): Promise<void> => {
    if (buffer.length === 0) return tail;
    const events = buffer;
    buffer = [];
    writing++;
    const epoch = state.epoch;
    const now = seen();
    const { status } = now;
    const summary = status !== shown || isEnded(status) || !inserted ? summaryOf(now) : undefined;
    shown = status;
    tail = tail.then(async () => {
      await write(events, epoch, summary);
      writing--;
      const isFirst = !inserted;
      inserted = true;
      ports.bus.publish({ kind: 'run-committed', run, events, status, state });
      if (idle()) onCommitted();
      if (isFirst) options.first?.inserted(idle() ? seen() : undefined);
    });
    tail.catch(() => {});
    return tail;
  };

  return { record, commit, idle, inserted: () => inserted };
}

const withoutSeq = ({ seq: _, ...event }: JournalEvent): RunEvent => event as RunEvent;

/** Appends, trying again while the store is away. A collision with a row of our own (written, but its answer lost) is a success. */
async function appendSurely(ports: EnginePorts, run: AcceptedRun, row: AppendRow, summary: RunSummaryData | undefined): Promise<void> {
  let tries = 0;
  await untilDone(ports, run, async () => {
    try {
      await ports.append(run, row, summary);
    } catch (thrown) {
      if (!isAppError(thrown, 'already-exists')) throw thrown;
      if (tries > 0 && (await isOurs(ports, run, row))) return summary && ports.summarize(run, summary);
      throw new AppError('in-use', 'Another driver has taken this run over.', { cause: thrown });
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
      ports.report('the journal could not be written; trying again', { runId: run.runId, error: toAppError(thrown) });
      await new Promise<void>((resolve) => ports.after(storeRetryMs(tries), resolve));
    }
  }
}
