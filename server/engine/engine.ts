import type { NodeDefinition } from '@switchyard/nodes/sdk/define-node.ts';
import type { RunState } from '@switchyard/shared/run/state.ts';
import { type BusMessage, POLL_MS } from './bus.ts';
import { restingChildren, stateOf, tellParents } from './children.ts';
import { createDriverPool } from './driver-pool.ts';
import type { ActiveDrivers } from './driver-table.ts';
import type { Engine, Settled } from './engine-api.ts';
import { createPlans } from './plans.ts';
import type { EnginePorts } from './ports.ts';
import { every, startHeartbeat } from './recovery/heartbeat.ts';
import { createIntake } from './recovery/intake.ts';
import { createPureTrials } from './recovery/pure-trials.ts';
import type { Timers } from './timers.ts';
import { type ContinuesInTime, continuesWithin, createWaiters, restingIn, settledIn, type Waiters } from './waiters.ts';

/* Owns which runs are recovered after a start, and notifies callers of a run's progress. Does not own who drives a run (driver-pool.ts). */

/** How many runs a message names. */
const MOST_NAMED = 50;

export function createEngine(given: EnginePorts, definitionOf: (type: string) => NodeDefinition | undefined): Engine {
  const ports = stoppingWhenLost(given, () => pool.abandonAll());
  const waiters = createWaiters(ports);
  const onDone = (runId: string, freed?: string): void => intake.done(runId, freed);
  const wakeOther = (runId: string): void => intake.wake(runId);
  const pool = createDriverPool({ ports, plans: createPlans(ports, definitionOf), waiters, onDone, wakeOther, onQueued: () => intake.look('') });
  const { drivers } = pool;
  const intake = createIntake({ ports, driven: () => drivers.size, isDriven: drivers.has, drive: pool.wake });
  const { shared } = ports.ownership;
  const trials = createPureTrials(ports);
  const { lookAt, wait } = createCallers(ports, drivers, waiters);
  const stopListening = ports.bus.subscribe((message) => {
    if (message.kind === 'wake') pool.readSignals(message.runId);
    // Another process drives the run.
    if (message.kind === 'run-settled' && waiters.has(message.runId)) lookAt(message.runId).catch(() => {});
    if (message.kind === 'missed' && shared && ports.dispatch.drives) lookForRuns().catch(() => {});
    if (message.kind === 'run-committed' && waiters.has(message.run.runId) && mayHaveReply(message)) lookAt(message.run.runId).catch(() => {});
  });
  const lookForRuns = async (): Promise<void> => intake.add(await ports.ownership.unowned());
  const stopTelling = shared && ports.dispatch.drives ? every(ports, POLL_MS.workers, () => tellParents(ports, intake.wake)) : () => {};
  const stopHeart = startHeartbeat({ ports, onLost: pool.abandonAll, onUnowned: intake.add });

  return {
    wake: intake.wake,
    begin: async (run, insert) => {
      if (!run.queued && (await ports.ownership.reads(run)) && (await trials.allows(run))) return pool.begin(run, insert).finally(() => trials.passed(run));
      await insert(undefined);
      intake.wake(run.runId, run);
      return undefined;
    },
    settled: async (runId, deadlineMs, committed) => {
      const settled = committed && settledIn(committed, continuesWithin(ports, deadlineMs));
      return withValue(ports, runId, settled ?? (await wait(runId, deadlineMs, settledIn)));
    },
    ended: (runId, waitMs) => wait(runId, waitMs, restingIn).then(() => undefined),
    take: intake.take,
    wakeAll: intake.wakeAll,
    wakeHeld: async () => intake.add(await (shared ? ports.ownership.unowned() : dueRuns(ports))),
    lookAtQueue: () => intake.look(),
    recover: async () => {
      await (shared ? joinOthers(ports, intake.add) : recoverAll(ports, pool.timers, intake.add));
      if (ports.dispatch.drives) await tellParents(ports, intake.wake);
    },
    shutdown: async (limitMs) => {
      ports.ownership.drain().catch((error) => ports.report('Announcing the shutdown failed', { runId: '', error }));
      intake.close();
      await pool.handOff(limitMs).finally(waiters.close);
      stopHeart();
      stopTelling();
      stopListening();
      // Without this record, the next start treats the runs as handed off. So it must stay while a run is left.
      if (drivers.size === 0) await ports.ownership.leave();
    },
    ownerOfNew: intake.ownerOfNew,
    load: () => drivers.size + intake.queued(),
    queued: intake.queued,
    running: () =>
      drivers
        .entries()
        .slice(0, MOST_NAMED)
        .map(([runId, driver]) => `${runId} (${driver?.steps().join(', ') ?? 'loading'})`),
  };
}

/** Looks at runs for callers that wait for them, whichever process drives them. */
function createCallers(ports: EnginePorts, drivers: ActiveDrivers, waiters: Waiters) {
  /** A run that this process drives is not read again. */
  const stateNow = async (runId: string): Promise<RunState | undefined> => {
    const driver = drivers.get(runId);
    return driver?.committed() ? driver.visible() : stateOf(ports, runId);
  };
  const lookAt = async (runId: string): Promise<void> => {
    const driver = drivers.get(runId);
    const state = drivers.has(runId) ? driver?.committed() && driver.visible() : await stateOf(ports, runId);
    if (!state) return;
    const resting = await restingChildren(stateNow, state);
    if (drivers.get(runId) === driver) waiters.notify(runId, state, resting);
  };

  const wait = async (
    runId: string,
    limitMs: number,
    look: (state: RunState, continues: ContinuesInTime, resting: ReadonlySet<string>) => Settled | undefined,
  ): Promise<Settled> => {
    const continues = continuesWithin(ports, limitMs);
    const told = waiters.add(runId, limitMs, (state, resting) => look(state, continues, resting));
    await lookAt(runId);
    return told.finally(every(ports, POLL_MS.waiters, () => lookAt(runId)));
  };
  return { lookAt, wait };
}

/** Several processes drive runs: this one takes those without an owner. */
async function joinOthers(ports: EnginePorts, add: (runIds: readonly string[]) => void): Promise<void> {
  await ports.ownership.enter([]);
  if (ports.dispatch.drives) add(await ports.ownership.unowned());
}

/** Another process may have committed a response. */
const mayHaveReply = ({ events, state }: Extract<BusMessage, { kind: 'run-committed' }>): boolean =>
  state === undefined && (events.length === 0 || events.some((event) => 'reply' in event));

/** Once `holds` returned false, all drivers stop, even if the next heartbeat is on time. */
function stoppingWhenLost(ports: EnginePorts, stop: () => void): EnginePorts {
  const holds = (): boolean => {
    const isHeld = ports.ownership.holds();
    if (!isHeld) queueMicrotask(stop);
    return isHeld;
  };
  return { ...ports, ownership: { ...ports.ownership, holds } };
}

/** A reply with its full value. */
async function withValue(ports: EnginePorts, runId: string, settled: Settled): Promise<Settled> {
  if (settled.kind !== 'reply' || !ports.isReference(settled.reply.value)) return settled;
  const run = await ports.loadRun(runId);
  return run ? { kind: 'reply', reply: { ...settled.reply, value: await ports.load(run, settled.reply.value) } } : settled;
}

async function recoverAll(ports: EnginePorts, timers: Timers, add: (runIds: readonly string[]) => void): Promise<void> {
  const now = new Date(ports.now()).toISOString();
  const cutOff: string[] = [];
  for (const { runId, status, wakeAt } of await ports.unfinishedRuns()) {
    // Waits that came due while the server was down would all fire at once.
    if (status !== 'waiting' || (wakeAt !== null && wakeAt <= now)) cutOff.push(runId);
    else if (wakeAt !== null) timers.watchUntil(runId, wakeAt);
  }
  const active = [...new Set([...cutOff, ...(await ports.queue.holders()), ...(await ports.runsWithSignals())])];
  await ports.ownership.enter(active);
  add(active);
}

/** Waiting runs that are due, and runs with signals that are not in their journals. */
async function dueRuns(ports: EnginePorts): Promise<string[]> {
  const now = new Date(ports.now()).toISOString();
  const waiting = (await ports.unfinishedRuns()).filter(({ status, wakeAt }) => status === 'waiting' && wakeAt !== null && wakeAt <= now);
  return [...new Set([...waiting.map(({ runId }) => runId), ...(await ports.runsWithSignals())])];
}
