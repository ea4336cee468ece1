import type { NodeDefinition } from '@switchyard/nodes/sdk/define-node.ts';
import { toAppError } from '@switchyard/shared/errors.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { isEnded, type RunState } from '@switchyard/shared/run/state.ts';
import { createDriver, type Driver } from './drive.ts';
import type { Engine, Settled } from './engine-face.ts';
import { takeOver, tidyUp } from './opening.ts';
import { createPace, type Pace } from './pace.ts';
import { createPlans } from './plans.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';
import { wakeAtOf } from './summary.ts';
import { createTimers, type Timers } from './timers.ts';
import { createWaiters, restingIn, settledIn } from './waiters.ts';

/*
 * Owns which runs are being driven here. Does not own what a run does (drive.ts).
 * Invariants: 1. One driver per run. 2. A wake that comes while a run is being loaded or driven is never lost. 3. A waiting run
 * holds no memory here but its timer.
 */

/** How long to leave a run alone that could not be taken up. */
const RETRY_MS = 1_000;
/** Unfinished runs that are taken up at once after a start. */
const RECOVERED_AT_ONCE = 100;

export function createEngine(ports: EnginePorts, definitionOf: (type: string) => NodeDefinition | undefined): Engine {
  /** `undefined` while the run is being loaded. */
  const drivers = new Map<string, Driver | undefined>();
  /** Runs that were woken while they could not listen. */
  const wokenAgain = new Set<string>();
  const plans = createPlans(ports, definitionOf);
  const waiters = createWaiters(ports);
  const timers = createTimers(ports, (runId) => ring(runId));
  const recovery = createPace(RECOVERED_AT_ONCE, (runId) => wake(runId));
  let closing = false;

  const wake = (runId: string, accepted?: AcceptedRun): void => {
    if (closing) return;
    if (drivers.has(runId)) {
      const driver = drivers.get(runId);
      if (driver) driver.poke();
      else wokenAgain.add(runId);
      return;
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
      ...(await takeOver(ports, plans, run, state)),
      onCommitted: (committed) => {
        waiters.tell(run.runId, committed);
        timers.arm(run.runId, wakeAtOf(committed));
      },
      onDone: release,
    });
    drivers.set(run.runId, driver);
    if (closing) driver.pause();
    driver.start();
    if (lookForSignals || wokenAgain.delete(run.runId)) driver.poke();
  };

  const forget = (runId: string): void => {
    drivers.delete(runId);
    recovery.left(runId);
  };

  const wait = async (runId: string, limitMs: number, look: (state: RunState, deadline: number) => Settled | undefined): Promise<Settled> => {
    const deadline = ports.now() + limitMs;
    const told = waiters.add(runId, limitMs, (state) => look(state, deadline));
    const driver = drivers.get(runId);
    const state = drivers.has(runId) ? driver?.committed() && driver.seen() : await stateOf(ports, runId);
    if (state && drivers.get(runId) === driver) waiters.tell(runId, state);
    return told;
  };

  return {
    wake,
    settled: async (runId, deadlineMs) => withValue(ports, runId, await wait(runId, deadlineMs, settledIn)),
    ended: (runId, waitMs) => wait(runId, waitMs, restingIn).then(() => undefined),
    recover: () => recoverAll(ports, timers, recovery),
    shutdown: async (limitMs) => {
      closing = true;
      for (const part of [timers, recovery]) part.stop();
      await handAllBack(ports, drivers, limitMs).finally(waiters.close);
    },
    load: () => drivers.size + recovery.waiting(),
    queued: recovery.waiting,
  };
}

/** A reply with its value in full. */
async function withValue(ports: EnginePorts, runId: string, settled: Settled): Promise<Settled> {
  if (settled.kind !== 'reply' || !ports.isReference(settled.reply.value)) return settled;
  const run = await ports.loadRun(runId);
  return run ? { kind: 'reply', reply: { ...settled.reply, value: await ports.load(run, settled.reply.value) } } : settled;
}

function tryAgain(ports: EnginePorts, timers: Timers, { problem, runId, error }: { problem: string; runId: string; error: unknown }): void {
  ports.report(problem, { runId, error: toAppError(error) });
  timers.arm(runId, new Date(ports.now() + RETRY_MS).toISOString());
}

async function recoverAll(ports: EnginePorts, timers: Timers, recovery: Pace): Promise<void> {
  const now = new Date(ports.now()).toISOString();
  const cutOff: string[] = [];
  for (const { runId, status, wakeAt } of await ports.unfinishedRuns()) {
    // What came due while the server was away would ring all at once.
    if (status === 'waiting' && (wakeAt === null || wakeAt > now)) timers.arm(runId, wakeAt);
    else cutOff.push(runId);
  }
  recovery.add([...cutOff, ...(await ports.runsWithSignals())]);
}

/** Lets what runs finish, and cuts off what has not within the limit. */
async function handAllBack(ports: EnginePorts, drivers: ReadonlyMap<string, Driver | undefined>, limitMs: number): Promise<void> {
  for (const driver of drivers.values()) driver?.pause();
  await allDone(ports, drivers, Math.max(0, limitMs - 2_000));
  await Promise.all([...drivers.values()].map((driver) => driver?.handBack()));
  await allDone(ports, drivers, 2_000);
}

/** Resolves when no run is in hand any more, or the time is over. */
async function allDone(ports: EnginePorts, drivers: ReadonlyMap<string, unknown>, limitMs: number): Promise<void> {
  const until = ports.now() + limitMs;
  while (drivers.size > 0 && ports.now() < until) await new Promise<void>((resolve) => ports.setTimer(ports.now() + 20, resolve));
}

async function stateOf(ports: EnginePorts, runId: string): Promise<RunState | undefined> {
  const run = await ports.loadRun(runId);
  return run && fold(await ports.readJournal(run));
}
