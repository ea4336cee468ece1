import { toAppError } from '@switchyard/shared/errors.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { isEnded, type RunState } from '@switchyard/shared/run/state.ts';
import { cancelChildren, tellParent } from './children.ts';
import { createDriver, type Driver } from './drive.ts';
import { startDriving, tidyUp } from './driver-start.ts';
import { type ActiveDrivers, createDriverTable, type DriverTable } from './driver-table.ts';
import type { FirstCommit } from './journal-writer.ts';
import type { CrashEvidence } from './ownership.ts';
import type { Plans } from './plans.ts';
import type { AcceptedRun, EnginePorts, InsertRun } from './ports.ts';
import { turnOf } from './queue/queueing.ts';
import { chargeCrash } from './recovery/crashes.ts';
import { createProbation, type Probation } from './recovery/probation.ts';
import { createTimers, type Timers } from './timers.ts';
import type { Waiters } from './waiters.ts';

/*
 * Owns the drivers of active runs. Does not own what a run does (drive.ts) or which process drives it (ownership.ts).
 * Invariants: 1. One driver per run. 2. A wake during loading or driving is never lost. 3. A waiting run keeps only its timer in memory. 4.
 * A run that was active at a crash is driven only when it is its turn (probation.ts).
 */

/** How long to wait before trying again to start a run. */
const RETRY_MS = 1_000;

export interface DriverPool {
  /** Drives a run, or tells its driver to read its signals. */
  wake(runId: string, accepted?: AcceptedRun): void;
  /** Begins a run that is not on disk yet. See Engine.begin. */
  begin(run: AcceptedRun, insert: InsertRun): Promise<RunState | undefined>;
  readonly drivers: ActiveDrivers;
  readonly timers: Timers;
  /** Reads the signals of a run that this process drives. */
  readSignals(runId: string): void;
  /** Stops all drivers at once: other processes may already own their runs. */
  abandonAll(): void;
  /** Lets running steps finish, aborts the rest after `limitMs`, and starts no more runs. */
  handOff(limitMs: number): Promise<void>;
}

export interface DriverPoolOptions {
  readonly ports: EnginePorts;
  readonly plans: Plans;
  readonly waiters: Waiters;
  /** No driver has the run any more. `freed`: the workflow that has a free slot now. */
  readonly onDone: (runId: string, freed?: string) => void;
  /** Wakes a run wherever it belongs. */
  readonly wakeOther: (runId: string) => void;
  /** The run was put into the queue. */
  readonly onQueued: () => void;
}

export function createDriverPool({ ports, plans, waiters, onDone, onQueued, wakeOther }: DriverPoolOptions): DriverPool {
  const drivers = createDriverTable();
  /** Runs woken while loading; woken again once their driver exists. */
  const wokenAgain = new Set<string>();
  const timers: Timers = createTimers(ports, (runId) => onTimer({ ports, drivers, timers, wake }, runId));
  const probation = createProbation(ports);
  const { leave, leaveSlot, forget } = createLeaving(ports, drivers, probation, onDone);
  let closing = false;

  const wake = (runId: string, accepted?: AcceptedRun): void => {
    if (closing) return;
    if (drivers.has(runId)) {
      const driver = drivers.get(runId);
      return void (driver ? driver.readSignals() : wokenAgain.add(runId));
    }
    drivers.set(runId, undefined);
    start(runId, accepted).catch((error) => {
      forget(runId);
      tryAgain(ports, timers, { problem: 'Starting run failed; retrying', runId, error });
    });
  };

  const start = async (runId: string, accepted: AcceptedRun | undefined): Promise<void> => {
    // A run that this version can’t read goes to the queue, for others.
    if (accepted && !accepted.queued) return (await ports.ownership.reads(accepted)) ? drive(accepted, fold([]), { mayHaveSignals: false }) : leave(runId);
    const next = await prepare({ ports, probation, waiters, timers, wakeOther }, runId);
    if (next.kind === 'drive') return drive(next.run, next.state, { ...next, mayHaveSignals: true });
    if (next.kind === 'leave') return next.run ? leaveSlot(next.run) : leave(runId);
    leave(runId);
    onQueued();
    if (wokenAgain.delete(runId)) wake(runId);
  };

  const begin: DriverPool['begin'] = (run, insert) => beginRun({ ports, drivers, drive, forget: leave }, run, insert);

  const drive = async (run: AcceptedRun, state: RunState, { crash, isCancelled, first, mayHaveSignals }: Drive): Promise<void> => {
    const { runId } = run;
    const started = await startDriving({ ports, plans, run, state, crash });
    const driver = createDriver({
      ports,
      run,
      state,
      wake: wakeOther,
      ...started,
      onCommitted: (committed) => tellCommitted({ waiters, timers, probation }, runId, committed),
      onDone: finish,
      ...(first && { first }),
    });
    drivers.set(runId, driver);
    // A held run is only driven to be canceled.
    if (closing || run.held || isCancelled) driver.pause();
    probation.begin(runId, state, started.opening.length);
    driver.start();
    if (wokenAgain.delete(runId) || mayHaveSignals) driver.readSignals();
  };

  const finish = (driver: Driver): void => {
    const { runId, slot } = driver.run;
    const isOutrun = wasOutrun(ports, driver);
    const isOpen = !isEnded(driver.visible().status) && driver.visible().status !== 'waiting';
    const afterwards = (): void => {
      if (wokenAgain.delete(runId) || isOutrun || (slot !== undefined && isOpen && !driver.isFenced())) wake(runId);
    };
    // A run that is handed off keeps its slot.
    const keepsSlot = slot === undefined || driver.isFenced() || (closing && isOpen);
    if (isOutrun) forget(runId);
    else if (keepsSlot) leave(runId);
    // The last events of a fenced driver are not in the journal.
    if (!driver.isFenced()) settle({ ports, timers, waiters, wakeOther }, driver);
    if (keepsSlot) afterwards();
    else void leaveSlot(driver.run).then(afterwards);
  };

  const handOff = (limitMs: number): Promise<void> => {
    closing = true;
    for (const part of [timers, probation]) part.stop();
    return handOffAll(ports, drivers, limitMs);
  };
  const readSignals = (runId: string): void => void (drivers.has(runId) && wake(runId));
  const abandonAll = (): void => drivers.entries().forEach(([, driver]) => void driver?.abandon());
  return { wake, begin, readSignals, drivers, timers, abandonAll, handOff };
}

/** Gives up a run that this process has nothing more to do for. One that can continue is offered to others. */
function release({ ownership, dispatch, now, report }: EnginePorts, runId: string): void {
  ownership.release(runId).then(
    (isQueued) => isQueued && dispatch.offer(runId, now()),
    (error) => report('Releasing run failed', { runId, error }),
  );
}

/** Removes runs from the table of drivers. */
function createLeaving(ports: EnginePorts, drivers: DriverTable, probation: Probation, onDone: DriverPoolOptions['onDone']) {
  const forget = (runId: string, freed?: string): void => {
    drivers.delete(runId);
    probation.leave(runId);
    onDone(runId, freed);
  };
  /** Drops a run that this process has nothing more to do for. */
  const leave = (runId: string, freed?: string): void => {
    release(ports, runId);
    forget(runId, freed);
  };
  /** The same. Frees its slot first: until then, the run is not driven again. */
  const leaveSlot = async (run: AcceptedRun): Promise<void> => {
    if (run.slot === undefined) return leave(run.runId);
    drivers.set(run.runId, undefined);
    await ports.queue.release(run).catch((error) => ports.report('Freeing a slot failed', { runId: run.runId, error }));
    leave(run.runId, run.workflowId);
  };
  return { forget, leave, leaveSlot };
}

/** A slow process appended after its run was claimed here. The owner then rereads how far the run is. */
const wasOutrun = ({ ownership }: EnginePorts, driver: Driver): boolean => driver.isFenced() && ownership.shared && ownership.holds();

/** Wakes the run of a timer. For an active run the timer may have been early: the clock was changed, or another wait is due later. */
function onTimer({ ports, drivers, timers, wake }: Pick<DriverPool, 'drivers' | 'timers' | 'wake'> & { ports: EnginePorts }, runId: string): void {
  const driver = drivers.get(runId);
  if (!driver) wake(runId);
  else
    timers.fireDue(driver.run, driver.state).then(
      (due) => (due > 0 ? wake(runId) : timers.watch(runId, driver.state)),
      (error) => tryAgain(ports, timers, { problem: 'Firing timer failed; retrying', runId, error }),
    );
}

interface Drive {
  readonly crash?: CrashEvidence | undefined;
  /** Whether it is driven only to be canceled. */
  readonly isCancelled?: boolean;
  /** Set if the run is not on disk yet. */
  readonly first?: FirstCommit;
  readonly mayHaveSignals: boolean;
}

function tellCommitted(parts: Pick<DriverPoolOptions, 'waiters'> & { timers: Timers; probation: Probation }, runId: string, state: RunState): void {
  parts.waiters.notify(runId, state);
  parts.timers.watch(runId, state);
  parts.probation.committed(runId, state);
}

interface Beginning {
  readonly ports: EnginePorts;
  readonly drivers: DriverTable;
  drive(run: AcceptedRun, state: RunState, how: Drive): Promise<void>;
  forget(runId: string): void;
}

/** Resolves when the run is on disk. If the insert is rejected, the run is dropped. */
async function beginRun({ ports, drivers, drive, forget }: Beginning, run: AcceptedRun, insert: InsertRun): Promise<RunState | undefined> {
  drivers.set(run.runId, undefined);
  ports.ownership.adopt(run);
  try {
    return await new Promise((inserted, refused) => {
      drive(run, fold([]), { mayHaveSignals: false, first: { insert, inserted, refused } }).catch(refused);
    });
  } catch (error) {
    forget(run.runId);
    throw error;
  }
}

type Prepared =
  | {
      readonly kind: 'drive';
      readonly run: AcceptedRun;
      readonly state: RunState;
      readonly crash?: CrashEvidence | undefined;
      readonly isCancelled: boolean;
    }
  | { readonly kind: 'leave'; readonly run?: AcceptedRun }
  | { readonly kind: 'queued' };

/** What this process has to do for a run that was woken. */
async function prepare(
  parts: Pick<DriverPoolOptions, 'ports' | 'waiters' | 'wakeOther'> & { probation: Probation; timers: Timers },
  runId: string,
): Promise<Prepared> {
  const { ports, probation, waiters, timers, wakeOther } = parts;
  const opened = await openRun(ports, probation, runId);
  if (typeof opened === 'string' || !opened) return { kind: 'leave' };
  const { run, state, crash } = opened;
  if (isEnded(state.status)) {
    waiters.notify(runId, state);
    await leaveFamily(ports, wakeOther, run);
  }
  if (isEnded(state.status) || (await staysHeld(ports, opened))) return { kind: 'leave', run };
  if (state.status === 'waiting' && !run.held) await timers.fireDue(run, state);
  const turn = await turnOf(ports, run, state.cancelling);
  return turn.kind === 'drive' ? { ...turn, run, state, crash } : turn;
}

interface OpenedRun {
  readonly run: AcceptedRun;
  readonly state: RunState;
  readonly crash: CrashEvidence | undefined;
}

/** Claims a run, waits for its turn after a crash, and loads it; or tells its owner to read its signals. Cleans up after one that has ended. */
async function openRun(ports: EnginePorts, probation: Probation, runId: string): Promise<OpenedRun | 'owned' | 'unreadable' | 'stopping' | undefined> {
  const claim = await ports.ownership.claim(runId);
  if (claim.kind === 'owned') {
    ports.ownership.notify(runId);
    return 'owned';
  }
  if (claim.kind === 'unreadable') return 'unreadable';
  const { crash } = claim;
  if (crash?.markedBy !== undefined) await chargeCrash(ports, runId, crash.markedBy);
  if (crash && !(await probation.enter(runId))) return 'stopping';
  ports.starting(runId, '(loading)');
  const run = await ports.loadRun(runId);
  if (!run) return undefined;
  const state = fold(claim.isNew ? [] : await ports.readJournal(run));
  if (isEnded(state.status)) await tidyUp(ports, run, state);
  return { run, state, crash };
}

/** A restore holds the run, or it waits and a kill switch holds it, and it isn’t canceled. It is woken again when the hold ends. */
const staysHeld = async (ports: EnginePorts, { run, state }: OpenedRun): Promise<boolean> =>
  (run.held || (state.status === 'waiting' && ports.isHeld(run))) && !(await ports.pendingSignals(run)).some(({ kind }) => kind === 'cancel');

/** Reacts to the state the driver left: the run has ended, waits, or was handed off. */
function settle({ ports, timers, waiters, wakeOther }: Pick<DriverPoolOptions, 'ports' | 'waiters' | 'wakeOther'> & { timers: Timers }, driver: Driver): void {
  const { runId } = driver.run;
  const visible = driver.visible();
  timers.watch(runId, visible);
  waiters.notify(runId, visible);
  ports.bus.publish({ kind: 'run-settled', runId });
  const { parent } = driver.run;
  if (parent) ports.bus.publish({ kind: 'run-settled', runId: parent.rootId });
  if (isEnded(visible.status))
    leaveFamily(ports, wakeOther, driver.run, driver.startsRuns).catch((error) =>
      ports.report('Telling the parent of a run failed; retrying', { runId, error: toAppError(error) }),
    );
}

/** A run has ended: its parent learns of it, and its children are canceled. */
async function leaveFamily(ports: EnginePorts, wakeOther: DriverPoolOptions['wakeOther'], run: AcceptedRun, hasChildren = true): Promise<void> {
  await tellParent(ports, wakeOther, run);
  if (hasChildren) await cancelChildren(ports, wakeOther, run);
}

function tryAgain(ports: EnginePorts, timers: Timers, { problem, runId, error }: { problem: string; runId: string; error: unknown }): void {
  ports.report(problem, { runId, error: toAppError(error) });
  timers.wakeIn(runId, RETRY_MS);
}

/** How long a handoff may take after running steps were given time to finish. It takes longer only while the store is unavailable. */
const HAND_OFF_MS = 2_000;

async function handOffAll(ports: EnginePorts, drivers: ActiveDrivers, limitMs: number): Promise<void> {
  for (const [, driver] of drivers.entries()) driver?.pause();
  await allDone(ports, drivers, Math.max(0, limitMs - HAND_OFF_MS));
  for (const [, driver] of drivers.entries()) void driver?.handOff();
  await allDone(ports, drivers, HAND_OFF_MS);
}

/** Resolves when no run is active, or when time is up. */
async function allDone(ports: EnginePorts, drivers: ActiveDrivers, limitMs: number): Promise<void> {
  const until = ports.elapsed() + limitMs;
  while (drivers.size > 0 && ports.elapsed() < until) await new Promise<void>((resolve) => ports.after(20, resolve));
}
