import type { AppError } from '@switchyard/shared/errors.ts';
import type { Bus } from '../../engine/bus.ts';
import type { AdmitCall } from '../../models/chat-port.ts';
import { findAll } from '../../store/find-all.ts';
import type { Store } from '../../store/port.ts';
import { type KillSwitchRecord, killSwitches } from '../../store/registry-collections.ts';
import type { Workspaces } from '../../store/workspaces.ts';
import { latest } from '../latest.ts';
import { addUses } from './count-uses.ts';
import { createFreshness } from './freshness.ts';
import { coversCall, coversRun, isRunScope, killed, type RunPlace } from './kill-scope.ts';

/*
 * The kill switches in force, in memory (S64). Read again after each change in this process, on each message of the bus, and every second.
 * Among several processes, while none is in force, it is enough to know each second that no other process used a control.
 * Invariants:
 * 1. A change is in force here within 2 s.
 * 2. After 2 s without knowing what is in force, no call is made until the next successful read (S42).
 * 3. `refresh` resolves with what was stored when it was called, or later.
 */

const READ_EVERY_MS = 1_000;

type InWorkspace<T> = T & { readonly workspaceId: string };

export interface KillBoard {
  /** The error for a new run, which it also counts. Undefined if the run may start. */
  refusalOfRun(run: InWorkspace<RunPlace>): AppError | undefined;
  /** Rejects with `killed` if the call must not be made. */
  readonly admitCall: AdmitCall;
  /** The run’s waits don’t end for now: decisions and timers are kept. */
  isHeld(run: InWorkspace<RunPlace>): boolean;
  /** All switches in force, of all workspaces. */
  all(): readonly KillSwitchRecord[];
  refresh(): Promise<void>;
  /** Calls the listener after each read. `lifted`: runs that were held may continue. */
  onRead(listener: (lifted: boolean) => void): void;
  /** Reads them every second. Resolves after the first read. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Reports about every second whether another process used a control before `began`. */
export interface ControlWatch {
  onLook(listener: (isUsed: boolean, began: number) => void): void;
}

export interface KillBoardParts {
  readonly stores: Store;
  readonly workspaces: Workspaces;
  readonly bus: Bus;
  readonly elapsed: () => number;
  readonly report: (problem: string, error: unknown) => void;
  readonly controls?: ControlWatch;
}

export function createKillBoard({ stores, workspaces, bus, elapsed, report, controls }: KillBoardParts): KillBoard {
  let inForce: readonly KillSwitchRecord[] = [];
  const freshness = createFreshness(elapsed);
  const uses = new Map<KillSwitchRecord, { runs: number; calls: number }>();
  const listeners: ((lifted: boolean) => void)[] = [];

  const count = (record: KillSwitchRecord, what: 'runs' | 'calls'): void => {
    const known = uses.get(record) ?? { runs: 0, calls: 0 };
    known[what]++;
    uses.set(record, known);
  };

  const read = async (): Promise<void> => {
    const settle = freshness.reading();
    const found = (await Promise.all((await workspaces()).map((id) => findAll(stores.in(id), killSwitches, { order: { field: 'createdAt' } })))).flat();
    const lifted = inForce.some((before) => holds(before) && !found.some(({ id }) => id === before.id));
    inForce = found;
    settle();
    for (const listener of listeners) listener(lifted);
  };

  const refresh = latest(read);
  const readInBackground = (): void => void refresh().catch((error) => report('Reading kill switches failed; retrying', error));
  const noteUses = async (): Promise<void> => {
    const noted = [...uses];
    uses.clear();
    for (const [record, more] of noted) await addUses(stores.in(record.workspaceId), record.id, more);
  };
  let noting = Promise.resolve();
  const tick = (): void => {
    noting = noting.then(noteUses).catch((error) => report('Counting uses of kill switches failed', error));
    if (inForce.length > 0 || freshness.isReadDue()) readInBackground();
  };
  let stop = (): void => {};

  const matching = <T>(covers: (scope: KillSwitchRecord['scope'], what: T) => boolean, what: InWorkspace<T>): KillSwitchRecord[] =>
    inForce.filter((record) => record.workspaceId === what.workspaceId && covers(record.scope, what));

  return {
    refusalOfRun: (run) => {
      const record = matching(coversRun, run)[0];
      if (!record) return undefined;
      count(record, 'runs');
      return killed('New runs', record);
    },
    admitCall: async (call, signal) => {
      if (freshness.isStale()) await orAborted(refresh(), signal);
      const record = matching(coversCall, call).find(({ mode }) => mode !== 'drain');
      if (!record) return;
      count(record, 'calls');
      throw killed('Calls', record);
    },
    isHeld: (run) => matching(coversRun, run).some(holds),
    all: () => inForce,
    refresh,
    onRead: (listener) => void listeners.push(listener),
    start: async () => {
      const unsubscribe = onChange({ bus, controls, freshness }, readInBackground);
      const timer = setInterval(tick, READ_EVERY_MS).unref();
      stop = () => {
        unsubscribe();
        clearInterval(timer);
      };
      await refresh();
    },
    stop: async () => {
      stop();
      await noting.then(noteUses).catch(() => {});
    },
  };
}

interface Heard {
  readonly bus: Bus;
  readonly controls: ControlWatch | undefined;
  readonly freshness: ReturnType<typeof createFreshness>;
}

/** Calls `read` when the kill switches may have changed. Returns a function that unsubscribes from the bus. */
function onChange({ bus, controls, freshness }: Heard, read: () => void): () => void {
  const changed = (): void => {
    freshness.changed();
    read();
  };
  controls?.onLook((isUsed, began) => (isUsed ? changed() : freshness.confirm(began)));
  return bus.subscribe((message) => {
    if (message.kind === 'missed' || (message.kind === 'invalidate' && message.what === 'kill-switches')) changed();
  });
}

/** Whether runs in its scope keep waiting. */
const holds = ({ scope, mode }: KillSwitchRecord): boolean => isRunScope(scope) && mode !== 'drain';

async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  await Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop));
}
