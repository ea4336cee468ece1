import type { Graph, GraphEdge, GraphNode, Policy } from '@switchyard/shared/graph/graph.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { describe, expect, it } from 'vitest';
import { createWorld, type World, type WorldOptions } from './world.ts';

const node = (key: string, type: string, params: Record<string, unknown> = {}, policy?: Policy): GraphNode => ({
  id: key,
  type,
  position: { x: 0, y: 0 },
  data: { key, title: key, typeVersion: 1, params, ...(policy && { policy }) },
});

/** `a.port>b`; a leading `<` makes it a way back. */
function wire(text: string): GraphEdge {
  const [, back, source = '', port = 'out', target = ''] = /^(<?)(\w+)(?:\.(\w+))?>(\w+)$/.exec(text) ?? [];
  return { id: text, source, target, sourceHandle: port, ...(back && { data: { back: true } }) };
}

const graph = (nodes: GraphNode[], wires: string[]): Graph => ({ nodes: [node('start', 'start'), ...nodes], edges: wires.map(wire), vars: {} });

async function begin(made: Graph, options: Partial<WorldOptions> = {}): Promise<World> {
  const world = createWorld({ seed: 1, graph: made, faultChance: 0, ...options });
  world.engine().wake('run', world.run);
  return world;
}

const stateOf = (world: World) => fold(world.journal);
const statuses = (world: World) => Object.fromEntries([...stateOf(world).steps.values()].map((step) => [step.id, step.status]));

async function until(world: World, holds: () => boolean): Promise<void> {
  while (!holds()) if (!(await world.time.step())) throw new Error('nothing can happen any more');
}

const decide = (world: World, stepId: string, decision: string): void => {
  const waitId = stateOf(world).steps.get(stepId)?.wait?.id ?? '';
  world.signal({ id: `run:${waitId}`, runId: 'run', kind: 'decision', waitId, value: { decision }, actor: { kind: 'owner' } });
};

describe('rounds (S7)', () => {
  const loop = graph(
    [node('draft', 'pure'), node('side', 'pure'), node('ask', 'review'), node('end', 'end')],
    ['start>draft', 'draft>ask', 'draft>side', 'ask.approve>end', '<ask.back>draft'],
  );

  it('starts a new round of the target and all that lies forward of it, and opens a new task', async () => {
    const world = await begin(loop);
    await world.play(0, 0);
    decide(world, 'ask#1', 'back');
    await world.play(0, 0);
    expect(statuses(world)).toMatchObject({ 'draft#2': 'succeeded', 'side#2': 'succeeded', 'ask#2': 'waiting', 'start#1': 'succeeded' });
    decide(world, 'ask#2', 'approve');
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'succeeded', reply: { value: { end: 'end' } } });
  });

  it('fails with loop-limit when a way back is taken more than ten times', async () => {
    const endless = graph(
      [node('work', 'pure'), node('again', 'branch', { ports: ['a', 'b'], choices: ['b'] })],
      ['start>work', 'work>again', '<again.b>work'],
    );
    const world = await begin(endless);
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'loop-limit' } });
    expect([...stateOf(world).steps.keys()]).toContain('work#11');
  });

  it('counts takings of an inner loop anew when an outer one restarts it', async () => {
    const inner = { ports: ['a', 'b'], choices: [...Array(8).fill('b'), 'a', ...Array(8).fill('b'), 'a'] };
    const outer = { ports: ['a', 'b'], choices: [...Array(17).fill('b'), 'a'] };
    const nested = graph(
      [node('first', 'pure'), node('work', 'pure'), node('inner', 'branch', inner), node('outer', 'branch', outer), node('end', 'end')],
      ['start>first', 'first>work', 'work>inner', '<inner.b>work', 'inner.a>outer', '<outer.b>first', 'outer.a>end'],
    );
    const world = await begin(nested);
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'succeeded' });
  });

  it('supersedes what is unfinished when the way back is taken, and closes its sockets', async () => {
    const made = graph(
      [node('work', 'pure'), node('slow', 'call', { effect: 'keyed', calls: 1 }), node('ask', 'review'), node('end', 'end')],
      ['start>work', 'work>slow', 'work>ask', 'ask.approve>end', '<ask.back>work'],
    );
    const world = await begin(made, { outside: (stepId) => (stepId === 'slow#1' ? 'hangs' : 'answers') });
    await until(world, () => stateOf(world).steps.get('ask#1')?.status === 'waiting');
    decide(world, 'ask#1', 'back');
    await until(world, () => stateOf(world).steps.get('ask#2')?.status === 'waiting');
    decide(world, 'ask#2', 'approve');
    await world.play(0, 0);
    expect(stateOf(world).steps.get('slow#1')).toMatchObject({ status: 'cancelled', cancelReason: 'superseded' });
    expect(statuses(world)).toMatchObject({ 'slow#2': 'succeeded', 'end#2': 'succeeded' });
  });
});

describe('due times of tasks (S14, S17)', () => {
  const made = graph([node('ask', 'overdue'), node('end', 'end')], ['start>ask', 'ask>end']);
  const waits = (world: World) => world.journal.flatMap((event) => (event.type === 'step-waiting' && event.wait.kind === 'review' ? [event.wait] : []));
  const waitsFor = (world: World, assignee: string) => () => waits(world).at(-1)?.task.assignee === assignee;

  it('give the task to somebody else under the same id, and the second one can still decide', async () => {
    const world = await begin(made);
    await until(world, waitsFor(world, 'second'));
    const [first, second] = waits(world);
    expect(second).toMatchObject({ reviewId: first?.reviewId, id: 'ask.1.2' });
    decide(world, 'ask#1', 'approve');
    world.engine().wake('run');
    await world.play(0, 0);
    expect(stateOf(world).steps.get('ask#1')).toMatchObject({ status: 'succeeded', output: { by: 'decision', decided: { decision: 'approve' } } });
    expect(world.overdue).toEqual([]);
  });

  it('survive crashes: each passes once, and then the task waits for nobody', async () => {
    const world = await begin(made);
    await until(world, waitsFor(world, 'first'));
    world.crash();
    await until(world, waitsFor(world, 'second'));
    world.crash();
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'succeeded' });
    expect(world.journal.filter((event) => event.type === 'wait-ended').map((event) => event.waitId)).toEqual(['ask.1.1', 'ask.1.2']);
    expect(world.overdue).toEqual([waits(world)[0]?.reviewId]);
  });

  it('mean nothing to a task that was decided before', async () => {
    const world = await begin(made);
    await until(world, waitsFor(world, 'first'));
    decide(world, 'ask#1', 'approve');
    world.engine().wake('run');
    await world.play(0, 0);
    expect(waits(world)).toHaveLength(1);
    expect(stateOf(world).steps.get('ask#1')?.output).toMatchObject({ by: 'decision' });
  });
});

describe('a delay', () => {
  const made = graph([node('pause', 'pause', { ms: 60_000 }), node('end', 'end')], ['start>pause', 'pause>end']);

  it('costs nothing while it lasts, survives a crash, and ends at its time though the server was off then', async () => {
    const world = await begin(made);
    await until(world, () => stateOf(world).status === 'waiting');
    const due = Date.parse(world.summary()?.wakeAt ?? '');
    expect(due - world.time.now()).toBeGreaterThan(50_000);
    await until(world, () => world.engine().load() === 0);
    const before = world.journal.length;
    world.crash();
    await world.play(0, 0);
    expect(world.time.now()).toBeGreaterThanOrEqual(due);
    expect(world.journal.slice(before)[0]).toMatchObject({ type: 'wait-ended', by: 'timer' });
    expect(stateOf(world)).toMatchObject({ status: 'succeeded' });
  });
});

describe('joins and dead paths (S6)', () => {
  it('skips what no live way leads to, and goes on where one does', async () => {
    const made = graph(
      [
        node('choose', 'branch', { ports: ['a', 'b'], choices: ['a'] }),
        node('yes', 'pure'),
        node('no', 'pure'),
        node('after_no', 'pure'),
        node('both', 'pure'),
      ],
      ['start>choose', 'choose.a>yes', 'choose.b>no', 'no>after_no', 'yes>both', 'after_no>both'],
    );
    const world = await begin(made);
    await world.play(0, 0);
    expect(statuses(world)).toMatchObject({ 'no#1': 'skipped', 'after_no#1': 'skipped', 'both#1': 'succeeded' });
    expect(stateOf(world).steps.get('both#1')?.output).toEqual({ round: 1, from: ['yes'] });
  });

  it('journals the winner of a first join, lets the others run on, and starts it once', async () => {
    const made = graph(
      [node('quick', 'pure'), node('slow', 'pause', { ms: 500 }), node('race', 'first'), node('end', 'end')],
      ['start>quick', 'start>slow', 'quick>race', 'slow>race', 'race>end'],
    );
    const world = await begin(made);
    await world.play(0, 0);
    expect(stateOf(world).steps.get('race#1')).toMatchObject({ winner: 'quick>race', output: { winner: 'quick' } });
    expect(statuses(world)).toMatchObject({ 'slow#1': 'succeeded', 'race#1': 'succeeded' });
    expect(stateOf(world).status).toBe('succeeded');
  });

  it('runs steps side by side', async () => {
    const calls = { effect: 'keyed', calls: 1 };
    const made = graph([node('one', 'call', calls), node('two', 'call', calls)], ['start>one', 'start>two']);
    const world = await begin(made, { outside: () => 'hangs' });
    await world.play(0, 0);
    expect(statuses(world)).toMatchObject({ 'one#1': 'running', 'two#1': 'running' });
  });
});

describe('errors (S10, S11)', () => {
  const failing = (policy: Policy) =>
    graph([node('work', 'call', { effect: 'keyed', calls: 1 }, policy), node('rescue', 'pure')], ['start>work', 'work.error>rescue']);

  it('takes the error way when the policy says so, and fails the run otherwise', async () => {
    const handled = await begin(failing({ onError: 'branch' }), { outside: () => 'fails' });
    await handled.play(0, 0);
    expect(stateOf(handled)).toMatchObject({ status: 'succeeded' });
    expect(statuses(handled)).toMatchObject({ 'work#1': 'failed', 'rescue#1': 'succeeded' });
    const fatal = await begin(failing({}), { outside: () => 'fails' });
    await fatal.play(0, 0);
    expect(stateOf(fatal)).toMatchObject({ status: 'failed', error: { code: 'unexpected-status', stepId: 'work#1' } });
  });

  it('goes on with the value of the policy, marked as recovered', async () => {
    const world = await begin(failing({ onError: 'continue-with', continueWith: { answers: ['none'] } }), { outside: () => 'fails' });
    await world.play(0, 0);
    expect(stateOf(world).steps.get('work#1')).toMatchObject({ status: 'succeeded', output: { answers: ['none'] }, recovered: { code: 'unexpected-status' } });
  });

  it('tries again after a growing wait that is in the journal, and holds nothing meanwhile', async () => {
    const world = await begin(failing({ retry: { max: 2, backoffMs: 1000, factor: 2, jitter: 0 } }), {
      outside: (_, count) => (count < 2 ? 'fails' : 'answers'),
    });
    await until(world, () => stateOf(world).steps.get('work#1')?.wait?.kind === 'retry');
    await until(world, () => world.engine().load() === 0);
    expect(stateOf(world).status).toBe('waiting');
    await world.play(0, 0);
    const step = stateOf(world).steps.get('work#1');
    expect(step).toMatchObject({ status: 'succeeded' });
    expect(step?.attempts.map((attempt) => attempt.error?.code)).toEqual(['unexpected-status', 'unexpected-status', undefined]);
    const starts = step?.attempts.map((attempt) => Date.parse(attempt.startedAt)) ?? [];
    expect((starts[2] ?? 0) - (starts[1] ?? 0)).toBeGreaterThanOrEqual(2000);
  });

  it('tries again when the wait is over, not only when the steps beside it have ended', async () => {
    const retry = { retry: { max: 1, backoffMs: 1000, factor: 1, jitter: 0 } };
    const made = graph(
      [node('work', 'call', { effect: 'keyed', calls: 1 }, retry), node('slow', 'call', { effect: 'keyed', calls: 1 })],
      ['start>work', 'start>slow'],
    );
    const outside: WorldOptions['outside'] = (stepId, count) => (stepId === 'slow#1' ? 'hangs' : count === 0 ? 'fails' : 'answers');
    for (const crashes of [false, true]) {
      const world = await begin(made, { outside });
      await until(world, () => stateOf(world).steps.get('work#1')?.wait?.kind === 'retry');
      if (crashes) world.crash();
      await until(world, () => stateOf(world).steps.get('work#1')?.status === 'succeeded');
      expect(stateOf(world).steps.get('slow#1')?.status).toBe('running');
    }
  });

  it('ends an attempt at its time limit and closes its socket', async () => {
    const world = await begin(failing({ timeoutMs: 300 }), { outside: () => 'hangs' });
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
  });

  it('cancels siblings when a step fails the run', async () => {
    const calls = { effect: 'unsafe', calls: 1 };
    const made = graph([node('bad', 'call', calls), node('slow', 'call', calls)], ['start>bad', 'start>slow']);
    const world = await begin(made, { outside: (stepId) => (stepId === 'bad#1' ? 'fails' : 'hangs') });
    await world.play(0, 0);
    expect(stateOf(world).status).toBe('failed');
    expect(stateOf(world).steps.get('slow#1')).toMatchObject({ status: 'cancelled', cancelReason: 'run-failed', effectUnknown: true });
  });

  it('ends failed at an output that is marked as a failure, and keeps its reply', async () => {
    const world = await begin(graph([node('end', 'end', { outcome: 'failure' })], ['start>end']));
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'output-failure' }, reply: { value: { end: 'end' } } });
  });
});

describe('crashes (S11, S15)', () => {
  const calling = (effect: string, policy?: Policy) => graph([node('work', 'call', { effect, calls: 1 }, policy)], ['start>work']);
  const inFlight = (world: World, requests = 1) => world.asked.length === requests;

  it('asks a person before it repeats an unsafe step that was cut off', async () => {
    const world = await begin(calling('unsafe'), { outside: (_, count) => (count === 0 ? 'hangs' : 'answers') });
    await until(world, () => inFlight(world));
    world.crash();
    await until(world, () => stateOf(world).steps.get('work#1')?.wait?.kind === 'interrupted');
    await world.play(0, 0);
    expect(stateOf(world).status).toBe('waiting');
    decide(world, 'work#1', 'retry');
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'succeeded' });
  });

  it('fails an unsafe step that was cut off where the policy says so', async () => {
    const world = await begin(calling('unsafe', { onInterrupted: 'fail' }), { outside: () => 'hangs' });
    await until(world, () => inFlight(world));
    world.crash();
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'step-interrupted' } });
  });

  it('gives a step up that was cut off by three crashes', async () => {
    const world = await begin(calling('keyed'), { outside: () => 'hangs' });
    for (let crash = 0; crash < 3; crash++) {
      await until(world, () => inFlight(world, crash + 1));
      world.crash();
    }
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'step-crashed' } });
  });

  it('hands a run back in good order when it shuts down, without counting a crash', async () => {
    const world = await begin(calling('keyed'), { outside: (_, count) => (count === 0 ? 'hangs' : 'answers') });
    await until(world, () => inFlight(world));
    const down = world.engine().shutdown(5_000);
    await until(world, () => world.engine().load() === 0);
    await down;
    world.crash();
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'succeeded' });
    expect(stateOf(world).steps.get('work#1')).toMatchObject({ crashes: 0 });
  });

  it('stops a stale driver at its next append', async () => {
    const world = await begin(calling('keyed'), { outside: () => 'answers' });
    await until(world, () => inFlight(world));
    world.journal.push({ type: 'driver-changed', epoch: 2, at: new Date(world.time.now()).toISOString(), seq: world.journal.length + 1 });
    await world.play(0, 0);
    expect(world.journal.at(-1)?.type).toBe('driver-changed');
    expect(world.problems.join()).toContain('lost to another driver');
  });

  it('appends nothing to a waiting run when it starts up again', async () => {
    const world = await begin(graph([node('ask', 'review')], ['start>ask']));
    await world.play(0, 0);
    const length = world.journal.length;
    for (let restart = 0; restart < 3; restart++) {
      world.crash();
      await world.play(0, 0);
    }
    expect(world.journal).toHaveLength(length);
  });
});

describe('the row of a run (S16)', () => {
  it('shows that the run waits, even when a crash came between journal and row', async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const world = await begin(graph([node('ask', 'review')], ['start>ask']), { seed });
      await until(world, () => stateOf(world).status === 'waiting');
      world.crash();
      await world.play(0, 0);
      expect(world.summary(), `seed ${seed}`).toMatchObject({ status: 'waiting' });
    }
  });
});

describe('cancelling (S14)', () => {
  const cancel = (world: World) =>
    world.signal({ id: 'run:cancel', runId: 'run', kind: 'cancel', waitId: null, value: { reason: 'enough' }, actor: { kind: 'owner' } });

  it('stops what runs and waits, and says what may have happened', async () => {
    const made = graph([node('work', 'call', { effect: 'unsafe', calls: 1 }), node('ask', 'review')], ['start>work', 'start>ask']);
    const world = await begin(made, { outside: () => 'hangs' });
    await until(world, () => stateOf(world).steps.get('ask#1')?.status === 'waiting');
    await until(world, () => stateOf(world).steps.get('work#1')?.calls.length === 1);
    cancel(world);
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'cancelled', cancelReason: 'enough' });
    expect(stateOf(world).steps.get('work#1')).toMatchObject({ status: 'cancelled', effectUnknown: true });
    expect(stateOf(world).steps.get('ask#1')?.status).toBe('cancelled');
  });

  it('cancels a run that waits for a person, and ignores a decision that comes later', async () => {
    const world = await begin(graph([node('ask', 'review'), node('end', 'end')], ['start>ask', 'ask.approve>end']));
    await world.play(0, 0);
    const waitId = stateOf(world).steps.get('ask#1')?.wait?.id ?? '';
    cancel(world);
    await world.play(0, 0);
    world.signal({ id: `run:${waitId}`, runId: 'run', kind: 'decision', waitId, value: { decision: 'approve' }, actor: { kind: 'owner' } });
    await world.play(0, 0);
    expect(stateOf(world).status).toBe('cancelled');
  });
});

describe('callers', () => {
  it('are told of the reply as soon as the first output is committed, while the rest runs on', async () => {
    const made = graph([node('end', 'end'), node('slow', 'pause', { ms: 60_000 })], ['start>end', 'start>slow']);
    const world = await begin(made);
    const settled = world.engine().settled('run', 5_000);
    await until(world, () => world.journal.some((event) => event.type === 'step-finished' && event.reply));
    await until(world, () => world.engine().load() === 0);
    await expect(settled).resolves.toMatchObject({ kind: 'reply', reply: { status: 200 } });
    expect(stateOf(world).status).toBe('waiting');
  });

  it('are never told of a reply before it is on disk', async () => {
    const calls = (count: number) => ({ effect: 'keyed', calls: count });
    const made = graph([node('quick', 'call', calls(1)), node('busy', 'call', calls(9)), node('end', 'end')], ['start>quick', 'start>busy', 'quick>end']);
    for (let seed = 1; seed <= 50; seed++) {
      const world = await begin(made, { seed, outside: () => 'answers' });
      let told = false;
      void world
        .engine()
        .settled('run', 60_000)
        .then(() => {
          told = true;
        });
      await until(world, () => told);
      expect(stateOf(world).reply, `seed ${seed}`).toBeDefined();
    }
  });

  it('that come while the rest runs on are told of the reply at once', async () => {
    const made = graph([node('end', 'end'), node('slow', 'call', { effect: 'keyed', calls: 1 })], ['start>end', 'start>slow']);
    const world = await begin(made, { outside: () => 'hangs' });
    await until(world, () => world.asked.length === 1);
    const settled = world.engine().settled('run', 60_000);
    await expect(settled).resolves.toMatchObject({ kind: 'reply' });
  });

  it('are held over a wait that ends before their deadline, and told of one that does not', async () => {
    const short = await begin(graph([node('nap', 'pause', { ms: 50 }), node('end', 'end')], ['start>nap', 'nap>end']));
    const first = short.engine().settled('run', 5_000);
    await short.play(0, 0);
    await expect(first).resolves.toMatchObject({ kind: 'reply' });
    const long = await begin(graph([node('ask', 'review')], ['start>ask']));
    const second = long.engine().settled('run', 5_000);
    await long.play(0, 0);
    await expect(second).resolves.toEqual({ kind: 'waiting' });
  });

  it('get a large value whole, though the journal refers to it', async () => {
    const made = graph([node('much', 'large'), node('after', 'pure'), node('end', 'end')], ['start>much', 'much>after', 'after>end']);
    const world = await begin(made);
    await world.play(0.1, 1);
    expect(String(stateOf(world).steps.get('much#1')?.output)).toMatch(/^blob:/);
    expect(stateOf(world).status).toBe('succeeded');
  });
});
