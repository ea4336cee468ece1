import { toAppError } from '@switchyard/shared/errors.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { isEnded, type RunState } from '@switchyard/shared/run/state.ts';
import { createDriver, type Driver } from './drive.ts';
import { startDriving, tidyUp } from './driver-start.ts';
import type { Plans } from './plans.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';
import { wakeAtOf } from './summary.ts';
import { createTimers, type Timers } from './timers.ts';
import type { Waiters } from './waiters.ts';

/*
 * The drivers of the runs in hand. Does not own what a run does (drive.ts).
 * Invariants: 1. One driver per run. 2. A wake that comes while a run is being loaded or driven is never lost. 3. A waiting run
 * holds no memory here but its timer.
 */

/** How long to leave a run alone that could not be taken up. */
const RETRY_MS = 1_000;

export interface DriverPool {
  /** Drives a run, or tells its driver to look what has come. */
  wake(runId: string, accepted?: AcceptedRun): void;
  /** `undefined` while the run is being loaded. */
  readonly drivers: ReadonlyMap<string, Driver | undefined>;
  readonly timers: Timers;
  /** Lets what runs finish, and cuts off what has not within the limit; nothing is taken up any more. */
  handOff(limitMs: number): Promise<void>;
}

export interface DriverPoolOptions {
  readonly ports: EnginePorts;
  readonly plans: Plans;
  readonly waiters: Waiters;
  /** Nobody has the run in hand any more. */
  readonly onLeft: (runId: string) => void;
}

export function createDriverPool({ ports, plans, waiters, onLeft }: DriverPoolOptions): DriverPool {
  const drivers = new Map<string, Driver | undefined>();
  /** Runs that were woken while they could not listen. */
  const wokenAgain = new Set<string>();
  const timers = createTimers(ports, (runId) => ring(runId));
  let closing = false;

  const wake = (runId: string, accepted?: AcceptedRun): void => {
    if (closing) return;
    if (drivers.has(runId)) {
      const driver = drivers.get(runId);
      return void (driver ? driver.readSignals() : wokenAgain.add(runId));
    }
    drivers.set(runId, undefined);
    open(runId, accepted).catch((error) => {
      forget(runId);
      tryAgain(ports, timers, { problem: 'the run could not be taken up; trying again', runId, error });
    });
  };

  /** A timer of the run has gone off. While other steps of it run, its driver is told; else the run is taken up. */
  const ring = (runId: string): void => {
    const driver = drivers.get(runId);
    const fired = driver ? timers.fireDue(driver.run, driver.state) : Promise.resolve();
    fired.then(
      () => wake(runId),
      (error) => tryAgain(ports, timers, { problem: 'a timer could not be fired; trying again', runId, error }),
    );
  };

  const open = async (runId: string, accepted: AcceptedRun | undefined): Promise<void> => {
    const run = accepted ?? (await ports.loadRun(runId));
    if (!run) return void forget(runId);
    const state = fold(accepted ? [] : await ports.readJournal(run));
    if (isEnded(state.status)) {
      await tidyUp(ports, run, state);
      waiters.tell(runId, state);
      return void forget(runId);
    }
    if (state.status === 'waiting') await timers.fireDue(run, state);
    await drive(run, state, accepted === undefined);
  };

  const release = (driver: Driver): void => {
    const { runId } = driver.run;
    const seen = driver.seen();
    forget(runId);
    if (seen.status === 'waiting') timers.arm(runId, wakeAtOf(seen));
    waiters.tell(runId, seen);
    if (wokenAgain.delete(runId)) wake(runId);
  };

  const drive = async (run: AcceptedRun, state: RunState, lookForSignals: boolean): Promise<void> => {
    const driver = createDriver({
      ports,
      run,
      state,
      ...(await startDriving(ports, plans, run, state)),
      onCommitted: (committed) => {
        waiters.tell(run.runId, committed);
        timers.arm(run.runId, wakeAtOf(committed));
      },
      onDone: release,
    });
    drivers.set(run.runId, driver);
    if (closing) driver.pause();
    driver.start();
    if (lookForSignals || wokenAgain.delete(run.runId)) driver.readSignals();
  };

  const forget = (runId: string): void => {
    drivers.delete(runId);
    onLeft(runId);
  };

  const handOff = (limitMs: number): Promise<void> => {
    closing = true;
    timers.stop();
    return handAllBack(ports, drivers, limitMs);
  };
  return { wake, drivers, timers, handOff };
}

function tryAgain(ports: EnginePorts, timers: Timers, { problem, runId, error }: { problem: string; runId: string; error: unknown }): void {
  ports.report(problem, { runId, error: toAppError(error) });
  timers.arm(runId, new Date(ports.now() + RETRY_MS).toISOString());
}

/** Lets what runs finish, and cuts off what has not within the limit. */
async function handAllBack(ports: EnginePorts, drivers: ReadonlyMap<string, Driver | undefined>, limitMs: number): Promise<void> {
  for (const driver of drivers.values()) driver?.pause();
  await allDone(ports, drivers, Math.max(0, limitMs - 2_000));
  await Promise.all([...drivers.values()].map((driver) => driver?.handOff()));
  await allDone(ports, drivers, 2_000);
}

/** Resolves when no run is in hand any more, or the time is over. */
async function allDone(ports: EnginePorts, drivers: ReadonlyMap<string, unknown>, limitMs: number): Promise<void> {
  const until = ports.now() + limitMs;
  while (drivers.size > 0 && ports.now() < until) await new Promise<void>((resolve) => ports.setTimer(ports.now() + 20, resolve));
}
