import { restoredEvent } from '@switchyard/shared/files/restored-run.ts';
import type { RunEvents } from '@switchyard/shared/realtime/protocol.ts';
import { type BriefSpent, isBrief } from '@switchyard/shared/run/brief-events.ts';
import { addCost } from '@switchyard/shared/run/cost.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { applyEvent, emptyRun } from '@switchyard/shared/run/fold.ts';
import { isEnded, type RunState, type RunStatus } from '@switchyard/shared/run/state.ts';
import { addUsage } from '@switchyard/shared/run/usage.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { clearDelta } from './deltas.ts';
import { clearFallback } from './fallbacks.ts';
import type { LiveSocket } from './socket.ts';

/*
 * The live fold of one run. Invariants:
 * 1. Events are applied in order of seq, each once. A gap is requested again, so nothing is ever skipped that a batch doesn’t cover.
 * 2. Each published state is a fresh snapshot. The mutable state never leaves this file.
 * 3. At most one snapshot per frame.
 * 4. The progress of a run never moves backward: once its record says that it ended, it has ended, even while its journal is still arriving.
 */

/** Status and times of a run: from its record until its events are newer. */
export interface RunProgress {
  readonly status: RunStatus;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

export interface RunSnapshot {
  /** `loading` until the first events arrive. `error` if the run can’t be watched, with the reason in `error`. */
  readonly phase: 'loading' | 'live' | 'error';
  readonly error?: string;
  /** Undefined until the run’s record or its first event arrives. The same object until it changes. */
  readonly progress?: RunProgress | undefined;
  readonly state: RunState;
  /** Events received, in order, without what happened in the items of long for-each steps. The same array grows, so read it together with `received`. */
  readonly journal: readonly JournalEvent[];
  readonly received: number;
}

/** The snapshot to use where there is no run. */
export const NO_RUN: StoreApi<RunSnapshot> = createStore<RunSnapshot>(() => ({ phase: 'loading', state: emptyRun(), journal: [], received: 0 }));

/** Whether a run is known to have ended. */
export const hasEnded = ({ progress }: RunSnapshot): boolean => progress !== undefined && isEnded(progress.status);

/** The part of the socket that a run store uses. */
export type RunSocket = Pick<LiveSocket, 'on' | 'off' | 'emit' | 'connected'>;
type Schedule = (task: () => void) => void;

const ENDS = new Set(['step-finished', 'step-failed', 'step-skipped', 'step-cancelled', 'attempt-failed']);

/** Watches one run over a socket until `close`. Reconnects continue from the last applied event. */
export class RunWatcher {
  readonly store: StoreApi<RunSnapshot>;
  readonly #runId: string;
  readonly #socket: RunSocket;
  readonly #schedule: Schedule;
  readonly #state = emptyRun();
  readonly #journal: JournalEvent[] = [];
  #planned = false;
  /** A round started since the last snapshot. */
  #newRound = false;
  #open = false;

  constructor(runId: string, socket: RunSocket, schedule: Schedule = (task) => requestAnimationFrame(task)) {
    this.#runId = runId;
    this.#socket = socket;
    this.#schedule = schedule;
    this.store = createStore<RunSnapshot>(() => ({ phase: 'loading', state: snapshot(this.#state, undefined, false), journal: this.#journal, received: 0 }));
  }

  open(): void {
    if (this.#open) return;
    this.#open = true;
    this.#socket.on('run:events', this.#receive);
    this.#socket.on('connect', this.#subscribe);
    if (this.#socket.connected) this.#subscribe();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#socket.off('run:events', this.#receive);
    this.#socket.off('connect', this.#subscribe);
    if (this.#socket.connected) this.#socket.emit('run:unwatch', { runId: this.#runId });
  }

  /** Takes status and times from the run’s record, unless newer ones are known. */
  seed(record: RunProgress): void {
    const now = this.store.getState();
    if (!hasEnded(now) && (this.#state.seq === 0 || isEnded(record.status))) this.store.setState({ progress: record });
  }

  readonly #subscribe = (): void => {
    const short = [...this.#state.containers.values()].filter(({ count }) => !isBrief(count)).map(({ stepId }) => stepId);
    this.#socket.emit('run:watch', { runId: this.#runId, fromSeq: this.#state.seq + 1, brief: { whole: short } }, (answer) => {
      if (!this.#open) return;
      if ('error' in answer) this.store.setState({ phase: 'error', error: answer.error });
      else if (answer.head <= this.#state.seq) this.#publishSoon();
    });
  };

  readonly #receive = (batch: RunEvents): void => {
    if (batch.runId !== this.#runId) return;
    if (batch.brief) this.#takeBrief(batch.events, batch.brief);
    else this.#takeAll(batch.events);
    this.#publishSoon();
  };

  #takeAll(events: readonly JournalEvent[]): void {
    for (const event of events) {
      if (event.seq <= this.#state.seq) continue;
      if (event.seq > this.#state.seq + 1) {
        this.#subscribe();
        break;
      }
      this.#apply(event);
    }
  }

  /** A brief batch covers all events of its range. */
  #takeBrief(events: readonly JournalEvent[], { from, upTo, spent }: NonNullable<RunEvents['brief']>): void {
    const isNext = from === this.#state.seq + 1;
    if (from > this.#state.seq + 1) {
      this.#subscribe();
      return;
    }
    for (const event of events) if (event.seq > this.#state.seq) this.#apply(event);
    if (spent && isNext) addSpent(this.#state, spent);
    this.#state.seq = Math.max(this.#state.seq, upTo);
  }

  #apply(stored: JournalEvent): void {
    const event = restoredEvent(stored);
    applyEvent(this.#state, event);
    this.#journal.push(event);
    if (event.type === 'round-started') this.#newRound = true;
    if (!ENDS.has(event.type) || !('stepId' in event)) return;
    clearDelta(this.#runId, event.stepId);
    clearFallback(this.#runId, event.stepId);
  }

  #publishSoon(): void {
    if (this.#planned) return;
    this.#planned = true;
    this.#schedule(() => {
      this.#planned = false;
      const shown = this.store.getState();
      const state = snapshot(this.#state, shown.state, this.#newRound);
      this.#newRound = false;
      this.store.setState({ phase: 'live', progress: progressOf(state, shown), state, journal: this.#journal, received: this.#journal.length }, true);
    });
  }
}

function addSpent(state: RunState, { usage, demo, ...cost }: BriefSpent): void {
  state.usage = addUsage(state.usage, usage);
  Object.assign(state, addCost(state, cost));
  if (demo) state.demo = true;
}

function progressOf({ seq, status, startedAt, endedAt }: RunState, shown: RunSnapshot): RunProgress | undefined {
  const known = shown.progress;
  if (seq === 0 || (hasEnded(shown) && !isEnded(status))) return known;
  const next = { status, startedAt: startedAt ?? known?.startedAt ?? null, endedAt: endedAt ?? null };
  return sameJson(known, next) ? known : next;
}

/** The current state. Only collections that events changed are copied. The others are those of the previous snapshot. */
const snapshot = (state: RunState, shown: RunState | undefined, newRound: boolean): RunState => {
  const { rounds, forced, loopCounts, loopReturns } = shown && !newRound ? shown : state;
  const copied =
    shown && !newRound
      ? { rounds, forced, loopCounts, loopReturns }
      : { rounds: new Map(rounds), forced: new Set(forced), loopCounts: new Map(loopCounts), loopReturns: new Set(loopReturns) };
  return { ...state, steps: new Map(state.steps), ...copied };
};
