import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { applyEvent, emptyRun } from '@switchyard/shared/run/fold.ts';
import { isEnded, openSteps } from '@switchyard/shared/run/state.ts';
import { describe, expect, it } from 'vitest';
import { checkJournal } from './check-journal.ts';
import { compare } from './compare.ts';
import type { WorldOptions } from './inner.ts';
import { type Expected, expected } from './plain-model.ts';
import { randomGraph } from './random-graph.ts';
import { graph, node, stateOf, until } from './scenario.ts';
import { seeded } from './virtual-time.ts';
import { createWorld, type World } from './world.ts';

/* Two processes on one store (S41, S42): owners that die or are only slow, clocks that change, messages that are lost or duplicated. */

const SEEDS = Number(process.env.SIMULATION_SEEDS ?? 500) / 20;
/** How far the wall clock is set. A delay that its process did not survive follows the wall clock. */
const JUMP_MS = 180_000;
/** Longer than a process may be silent before it is considered dead. */
const SLOW_MS = 25_000;
const MOST_MOVES = 50_000;

interface Trouble {
  readonly crashes: number;
  readonly pauses: number;
  readonly jumps: number;
  /** The chance of each at every move while the run is open. */
  readonly chance?: number;
}

const QUIET: Trouble = { crashes: 0, pauses: 0, jumps: 0 };

/** Plays until the run has ended, deciding each review over one of the two processes. Returns the trouble that occurred. */
async function play(world: World, random: () => number, most: Trouble, done = () => isEnded(world.summary()?.status ?? 'queued')): Promise<Trouble> {
  const left = { ...most };
  const { chance = 0.03 } = most;
  const slot = () => Math.floor(random() * 2);
  const state = emptyRun();
  let read = 0;
  for (let moves = 0; moves < MOST_MOVES; moves++) {
    if (done()) return { crashes: most.crashes - left.crashes, pauses: most.pauses - left.pauses, jumps: most.jumps - left.jumps };
    if (left.crashes > 0 && random() < chance && left.crashes--) world.crash(slot());
    if (left.pauses > 0 && random() < chance && left.pauses--) world.slow(slot(), SLOW_MS);
    if (left.jumps > 0 && random() < chance && left.jumps--) world.time.set(random() < 0.5 ? JUMP_MS : -JUMP_MS);
    while (read < world.journal.length) applyEvent(state, world.journal[read++] as JournalEvent);
    for (const step of openSteps(state)) {
      const waitId = step.status === 'waiting' && step.wait && 'reviewId' in step.wait ? step.wait.id : undefined;
      if (waitId === undefined) continue;
      const decision = step.wait?.kind === 'interrupted' ? 'retry' : 'approve';
      world.decideOnce({ id: `run:${waitId}`, runId: 'run', kind: 'decision', waitId, value: { decision }, actor: world.run.actor }, slot());
      if (random() < 0.5) world.engine(slot()).wake('run');
    }
    await world.time.step();
  }
  throw new Error('The run does not end.');
}

async function begin(options: Omit<WorldOptions, 'drivers'>): Promise<World> {
  const world = createWorld({ drivers: 2, ...options });
  for (const slot of [0, 1]) world.engine(slot);
  await until(world, () => world.started() === 2);
  world.accept(0, options.seed % 2 === 0 ? 'owned' : 'queued');
  world.engine(1).wake('run');
  return world;
}

async function playSeed(seed: number, most: Trouble, broken: Partial<WorldOptions> = {}) {
  const random = seeded(seed);
  const made = randomGraph(random, { nodes: 4 + Math.floor(random() * 8), withFailures: false, withLoop: true, withItems: seed % 2 === 0 });
  const world = await begin({ seed, graph: made, faultChance: 0, ...broken });
  const trouble = await play(world, random, most);
  return { world, trouble, model: expected(made) };
}

const checkOutcome = (world: World, model: Expected): void => compare(world.journal, model, 'outcome');

const takeOvers = (world: World) => world.journal.flatMap((event) => (event.type === 'driver-changed' ? [event] : []));

/** A request is sent again only if the run was taken over. */
function checkRequests(world: World): void {
  const times = new Map<string, number>();
  for (const asked of world.asked) times.set(asked, (times.get(asked) ?? 0) + 1);
  for (const [asked, count] of times) expect(count, asked).toBeLessThanOrEqual(1 + takeOvers(world).length);
}

/** Whether any of these seeds shows a fault. */
async function isCaught(mutant: NonNullable<WorldOptions['mutant']>, most: Trouble, check: (world: World) => void, more: Partial<WorldOptions> = {}) {
  for (let seed = 1; seed <= 30; seed++) {
    try {
      const { world, model } = await playSeed(seed, most, { mutant, ...more });
      checkJournal(world);
      checkOutcome(world, model);
      check(world);
    } catch {
      return true;
    }
  }
  return false;
}

/** No process took the run from another one, or tried to drive it in addition. */
const neverTakenOver = (world: World): void => {
  expect(takeOvers(world)).toEqual([]);
  expect(world.problems.filter((problem) => problem.startsWith('Run taken over'))).toEqual([]);
};

const noCrashCounted = (world: World): void => {
  for (const { crashes } of takeOvers(world)) expect(crashes).toBe(0);
};

const toldWhatIsOnDisk = (world: World): void => expect(world.problems.filter((problem) => problem.startsWith('Published before'))).toEqual([]);

/** Continues until the processes have released the run. */
async function settledPlace(world: World): Promise<object> {
  await until(world, () => (world.place().owner ?? world.place().queue ?? null) === null);
  return world.place();
}

describe('two drivers', () => {
  it(`that stay alive leave each other's runs untouched, over ${SEEDS} graphs and a bus that loses and duplicates messages`, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { world, model } = await playSeed(seed, { ...QUIET, jumps: 2 });
      checkJournal(world);
      checkOutcome(world, model);
      neverTakenOver(world);
      toldWhatIsOnDisk(world);
    }
  });

  it(`end each run as the model says when either dies or is slow, over ${SEEDS} graphs`, async () => {
    const seen = { crashes: 0, pauses: 0, takeOvers: 0 };
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { world, model, trouble } = await playSeed(seed, { crashes: 2, pauses: 2, jumps: 2 });
      checkJournal(world);
      checkOutcome(world, model);
      checkRequests(world);
      toldWhatIsOnDisk(world);
      expect(await settledPlace(world)).toMatchObject({ owner: null, queue: null });
      seen.crashes += trouble.crashes;
      seen.pauses += trouble.pauses;
      seen.takeOvers += takeOvers(world).length;
    }
    expect(seen.crashes).toBeGreaterThan(SEEDS / 2);
    expect(seen.pauses).toBeGreaterThan(SEEDS / 2);
    expect(seen.takeOvers).toBeGreaterThan(SEEDS / 5);
  });

  it('that are both alive, one only slow: one is fenced, nothing runs twice, and no crash is counted', async () => {
    let lost = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const made = graph([node('one', 'call', { effect: 'unsafe', calls: 1 }), node('two', 'call', { effect: 'keyed', calls: 2 })], ['start>one', 'one>two']);
      const world = await begin({ seed, graph: made, faultChance: 0, outside: () => 'answers' });
      const random = seeded(seed);
      await play(world, random, QUIET, () => world.journal.length > 0 || world.asked.length > 0);
      world.slow(0, SLOW_MS);
      await play(world, random, QUIET);
      checkJournal(world);
      checkRequests(world);
      expect(stateOf(world).status).toBe('succeeded');
      noCrashCounted(world);
      // A person decides whether an unsafe call may be sent again; otherwise it never is.
      const asks = world.journal.filter((event) => event.type === 'step-waiting').length;
      expect(world.asked.filter((asked) => asked.includes('one#1')).length).toBeLessThanOrEqual(1 + asks);
      lost += takeOvers(world).length;
    }
    expect(lost).toBeGreaterThan(0);
  });
});

describe('callers of a process whose clock differs from that of the driver', () => {
  const DEADLINE_MS = 5_000;
  const askOther = async (aheadMs: number, napMs: number) => {
    const made = graph([node('nap', 'pause', { ms: napMs }), node('end', 'end')], ['start>nap', 'nap>end']);
    const world = createWorld({ drivers: 2, seed: 2, graph: made, faultChance: 0, clocksAhead: [0, aheadMs] });
    for (const slot of [0, 1]) world.engine(slot);
    await until(world, () => world.started() === 2);
    world.accept(0, 'owned');
    const settled = world.engine(1).settled('run', DEADLINE_MS);
    let isOver = false;
    void settled.finally(() => {
      isOver = true;
    });
    await until(world, () => isOver);
    return settled;
  };

  it('are held through a wait that ends before their deadline', async () => {
    for (const ahead of [-JUMP_MS, JUMP_MS]) expect(await askOther(ahead, 3_000)).toMatchObject({ kind: 'reply' });
  });

  it('learn at once of a wait that does not', async () => {
    for (const ahead of [-JUMP_MS, JUMP_MS]) expect(await askOther(ahead, 60_000)).toEqual({ kind: 'waiting' });
  });
});

describe('a broken engine', () => {
  it('is caught if waking a run takes it from its live owner', async () => {
    expect(await isCaught('waking-steals', QUIET, neverTakenOver)).toBe(true);
  });

  it('is caught if a claim ignores who owns the run meanwhile', async () => {
    expect(await isCaught('claim-ignores-epoch', QUIET, neverTakenOver)).toBe(true);
  });

  it('is caught if the search for runs without an owner takes one from its owner', async () => {
    expect(await isCaught('sweep-doubles', QUIET, neverTakenOver, { outside: () => 'answers-slowly' })).toBe(true);
  });

  it('is caught if a crash is counted for an owner that is only slow', async () => {
    expect(await isCaught('slow-owner-counts-as-crash', { crashes: 0, pauses: 6, jumps: 0, chance: 0.2 }, noCrashCounted)).toBe(true);
  });

  it('is caught if events are published before they are on disk', async () => {
    expect(await isCaught('tells-before-commit', QUIET, toldWhatIsOnDisk)).toBe(true);
  });

  it('is caught if two drivers may write the same place of a journal', async () => {
    expect(await isCaught('no-fence', { crashes: 0, pauses: 6, jumps: 0, chance: 0.2 }, () => {})).toBe(true);
  });

  it('is caught if a crash counts against a run that made progress', async () => {
    expect(await isCaught('crash-counts-against-progress', { crashes: 6, pauses: 0, jumps: 0 }, () => {})).toBe(true);
  });
});
