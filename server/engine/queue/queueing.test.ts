import { type KeyRange, queueKey, readQueueKey } from '@switchyard/shared/run/queue-key.ts';
import { expect, test } from 'vitest';
import type { QueuePorts } from './queue-ports.ts';
import { createQueueing } from './queueing.ts';

/* Several processes pick runs from one queue, in a random order of events. */

type Mutant = 'leaks-slots' | 'first-in-first-out';

interface Driven {
  readonly workflowId: string;
  readonly tenant: string;
  readonly slot: number | undefined;
  readonly process: number;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The parts of all run records that the queue reads. */
function createWorld(limits: Readonly<Record<string, number>>, mutant?: Mutant, reads: (process: number, runId: string) => boolean = () => true) {
  const queued = new Set<string>();
  const driven = new Map<string, Driven>();
  const started: string[] = [];
  let added = 0;
  const usedBy = (workflowId: string): Driven[] => [...driven.values()].filter((run) => run.workflowId === workflowId);
  const portsOf = (process: number): QueuePorts => ({
    isLimited: ({ workflowId }) => limits[workflowId] !== undefined,
    workspaces: async () => ['w'],
    page: async (_, { from, to }: KeyRange, limit) => {
      if (mutant === 'first-in-first-out') return [...queued].sort((a, b) => (readQueueKey(a).createdAt < readQueueKey(b).createdAt ? -1 : 1)).slice(0, 1);
      return [...queued]
        .filter((key) => key >= from && key < to)
        .sort()
        .slice(0, limit);
    },
    find: async () => 'elsewhere',
    claim: async (_, key) => {
      const { workflowId, tenant, runId } = readQueueKey(key);
      if (!queued.has(key)) return 'gone';
      if (!reads(process, runId)) return 'unreadable';
      const used = usedBy(workflowId).map(({ slot }) => slot);
      const limit = limits[workflowId];
      const free = limit === undefined ? undefined : Array.from({ length: limit }, (_unused, index) => index).find((slot) => !used.includes(slot));
      if (limit !== undefined && free === undefined) return 'full';
      queued.delete(key);
      driven.set(runId, { workflowId, tenant, slot: free, process });
      started.push(runId);
      return 'claimed';
    },
    enqueue: async () => {},
    dequeue: async () => true,
    release: async () => {},
    holders: async () => [],
  });
  const processes = [0, 1].map((process) =>
    createQueueing({
      ports: { queue: portsOf(process), after: () => () => {}, report: (problem, { error }) => expect.fail(`${problem}: ${error}`) },
      hasRoom: () => [...driven.values()].filter((run) => run.process === process).length < 3,
      start: () => {},
    }),
  );
  return {
    portsOf,
    queued,
    driven,
    started,
    usedBy,
    add: (workflowId: string, tenant: string, priority: 'high' | 'normal' | 'low' = 'normal') => {
      const id = `${workflowId}-${tenant}-${added++}`;
      queued.add(queueKey({ id, workflowId, createdAt: new Date(added).toISOString(), labels: { tenant } }, priority));
      for (const process of processes) process.look('');
      return id;
    },
    end: (runId: string) => {
      const run = driven.get(runId);
      if (mutant !== 'leaks-slots' || run?.slot === undefined) driven.delete(runId);
      if (run) processes[run.process]?.done(runId, run.slot === undefined ? undefined : run.workflowId);
    },
    /** A process dies, and others free the slots of its runs. */
    crash: (process: number) => {
      for (const [runId, run] of driven)
        if (run.process === process) {
          driven.delete(runId);
          processes[process]?.done(runId, run.workflowId);
        }
      for (const one of processes) one.look();
    },
    poll: () => {
      for (const process of processes) process.look();
    },
  };
}
type World = ReturnType<typeof createWorld>;

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Ends runs in a random order until nothing is queued. Returns false if that never happens. */
async function drain(world: World, random: () => number, check: () => void): Promise<boolean> {
  for (let moves = 0; moves < 2_000; moves++) {
    await settled();
    check();
    const running = [...world.driven.keys()];
    if (running.length === 0 && world.queued.size === 0) return true;
    const next = running[Math.floor(random() * running.length)];
    if (next !== undefined) world.end(next);
    if (random() < 0.05) world.poll();
  }
  return false;
}

const LIMITS = { small: 1, big: 4 };

async function play(seed: number, mutant?: Mutant): Promise<boolean> {
  const random = seeded(seed);
  const world = createWorld(LIMITS, mutant);
  const check = (): void => {
    for (const [workflowId, limit] of Object.entries(LIMITS)) expect(world.usedBy(workflowId).length).toBeLessThanOrEqual(limit);
    expect(world.driven.size).toBeLessThanOrEqual(6);
  };
  for (let run = 0; run < 60; run++) {
    world.add(['small', 'big', 'free'][Math.floor(random() * 3)] ?? '', ['a', 'b', ''][Math.floor(random() * 3)] ?? '', random() < 0.3 ? 'low' : 'high');
    if (random() < 0.2) await settled();
    if (random() < 0.05) world.crash(Math.floor(random() * 2));
    check();
  }
  return drain(world, random, check);
}

test('starts every run, keeps every limit, and survives crashes, in any order of events', async () => {
  for (let seed = 1; seed <= 60; seed++) expect(await play(seed), `seed ${seed}`).toBe(true);
});

test('a slot that is not freed is noticed', async () => {
  const ends: boolean[] = [];
  for (let seed = 1; seed <= 5; seed++) ends.push(await play(seed, 'leaks-slots'));
  expect(ends).toContain(false);
});

/** How many runs start after a new one before it does, while a flood of 500 is queued. */
async function delayOf(flood: { workflowId: string; tenant: string }, late: { workflowId: string; tenant: string }, mutant?: Mutant): Promise<number> {
  const world = createWorld({}, mutant);
  for (let run = 0; run < 500; run++) world.add(flood.workflowId, flood.tenant);
  await settled();
  const before = world.started.length;
  const id = world.add(late.workflowId, late.tenant);
  for (let moves = 0; moves < 600 && !world.started.includes(id); moves++) {
    const next = [...world.driven.keys()][0];
    if (next !== undefined) world.end(next);
    await settled();
  }
  return world.started.indexOf(id) - before;
}

test('a flood in one workflow, or of one tenant, delays another by at most one turn of each process', async () => {
  expect(await delayOf({ workflowId: 'flood', tenant: '' }, { workflowId: 'other', tenant: '' })).toBeLessThanOrEqual(2);
  expect(await delayOf({ workflowId: 'one', tenant: 'flood' }, { workflowId: 'one', tenant: 'other' })).toBeLessThanOrEqual(2);
});

test('a queue without turns is noticed', async () => {
  expect(await delayOf({ workflowId: 'flood', tenant: '' }, { workflowId: 'other', tenant: '' }, 'first-in-first-out')).toBeGreaterThan(100);
});

test('of 7 turns, high, normal, and low priority get 4, 2, and 1, so low never starves', async () => {
  const world = createWorld({});
  for (let run = 0; run < 300; run++) for (const priority of ['high', 'normal', 'low'] as const) world.add(priority, '', priority);
  await settled();
  const from = world.started.length;
  for (let moves = 0; moves < 140; moves++) {
    const next = [...world.driven.keys()][0];
    if (next !== undefined) world.end(next);
    await settled();
  }
  const shares = ['high', 'normal', 'low'].map((name) => world.started.slice(from).filter((id) => id.startsWith(name)).length);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBe(140);
  for (const [index, share] of [80, 40, 20].entries()) expect(Math.abs((shares[index] ?? 0) - share)).toBeLessThanOrEqual(2);
});

test('a process leaves runs that its version can’t read to others, and starts those behind them', async () => {
  const isNew = (runId: string): boolean => Number(runId.split('-').at(-1)) % 2 === 0;
  const world = createWorld({}, undefined, (process, runId) => process === 1 || !isNew(runId));
  for (let run = 0; run < 30; run++) world.add('one', 'a');
  const startedByOlder = new Set<string>();
  const check = (): void => {
    for (const [runId, { process }] of world.driven) if (process === 0) startedByOlder.add(runId);
    expect([...startedByOlder].filter(isNew)).toEqual([]);
  };
  expect(await drain(world, seeded(1), check)).toBe(true);
  expect(startedByOlder.size).toBeGreaterThan(3);
  expect(world.started.length).toBe(30);
});

test('an empty queue costs one read per look', async () => {
  let reads = 0;
  const page = async (): Promise<readonly string[]> => {
    reads++;
    return [];
  };
  const queue = { ...createWorld({}).portsOf(0), page };
  const queueing = createQueueing({ ports: { queue, after: () => () => {}, report: () => {} }, hasRoom: () => true, start: () => {} });
  for (let look = 1; look <= 3; look++) {
    queueing.look();
    await settled();
    expect(reads).toBe(look);
  }
});
