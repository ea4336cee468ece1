import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { describe, expect, it } from 'vitest';
import { begin, decide, graph, node, stateOf, statuses, until } from './scenario.ts';

/* Steps about to start: next to a wait, at the concurrency limit, in a new round, and at a disabled node. */

const SEEDS = 60;
const numbered = (count: number, made: (key: string) => GraphNode): GraphNode[] => Array.from({ length: count }, (_, index) => made(`n${index}`));

describe('a run in which something can start does not wait (S14)', () => {
  it('continues after a restart, though a parallel step waits and the server was stopped cleanly', async () => {
    const work = node('work', 'call', { effect: 'keyed', calls: 1 }, { timeoutMs: 500, onError: 'continue-with', continueWith: {} });
    const made = graph([node('ask', 'review'), work, node('after', 'pure'), node('end', 'end')], ['start>ask', 'start>work', 'work>after', 'after>end']);
    const world = await begin(made, { outside: () => 'hangs' });
    await until(world, () => world.asked.length === 1 && stateOf(world).steps.get('ask#1')?.status === 'waiting');
    void world.engine().shutdown(5_000);
    await until(world, () => world.engine().load() === 0);
    expect(statuses(world)).toEqual({ 'start#1': 'succeeded', 'ask#1': 'waiting', 'work#1': 'succeeded' });
    expect(world.summary()?.status).toBe('running');
    world.crash();
    await world.play(0, 0);
    expect(statuses(world)).toMatchObject({ 'end#1': 'succeeded', 'ask#1': 'waiting' });
    expect(world.summary()?.status).toBe('waiting');
  });

  it('sends its caller the reply, though a parallel step waits while a large input is being stored', async () => {
    const made = graph(
      [node('ask', 'review'), node('much', 'large'), node('after', 'pure'), node('end', 'end')],
      ['start>ask', 'start>much', 'much>after', 'after>end'],
    );
    for (let seed = 1; seed <= SEEDS; seed++) {
      const world = await begin(made, { seed });
      const settled = world.engine().settled('run', 60_000);
      await world.play(0, 0);
      await expect(settled, `seed ${seed}`).resolves.toMatchObject({ kind: 'reply' });
    }
  });

  it('continues after crashes at any moment', async () => {
    const made = graph(
      [node('ask', 'review'), node('much', 'large'), node('after', 'pure'), node('end', 'end')],
      ['start>ask', 'start>much', 'much>after', 'after>end'],
    );
    for (let seed = 1; seed <= SEEDS; seed++) {
      const world = await begin(made, { seed });
      await world.play(0.2, 2);
      expect(statuses(world), `seed ${seed}`).toMatchObject({ 'end#1': 'succeeded', 'ask#1': 'waiting' });
    }
  });
});

describe('the limit of concurrent steps', () => {
  it.each([
    ['small', []],
    ['large', [node('much', 'large')]],
  ] as const)('is 32, with %s inputs', async (_, first) => {
    const calls = numbered(40, (key) => node(key, 'call', { effect: 'keyed', calls: 1 }));
    const source = first.length > 0 ? 'much' : 'start';
    const made = graph([...first, ...calls], [...(first.length > 0 ? ['start>much'] : []), ...calls.map(({ id }) => `${source}>${id}`)]);
    const world = await begin(made, { outside: () => 'hangs' });
    await world.play(0, 0);
    expect(world.asked).toHaveLength(32);
    expect(stateOf(world).runningCount).toBe(32);
  });
});

describe('a new round (S1, S7)', () => {
  const twice = { ports: ['a', 'b'], choices: ['b', 'a'] };

  it('starts no step of the previous round, even one whose input is being stored', async () => {
    const call = { effect: 'keyed', calls: 1 };
    const made = graph(
      [node('work', 'pure'), node('much', 'large'), node('late', 'call', call), node('nap', 'call', call), node('again', 'branch', twice)],
      ['start>work', 'work>much', 'much>late', 'work>nap', 'nap>again', '<again.b>work'],
    );
    for (let seed = 1; seed <= SEEDS; seed++) {
      const world = await begin(made, { seed });
      await world.play(0, 0);
      const turned = world.journal.findIndex((event) => event.type === 'round-started');
      const stale = world.journal.slice(turned).filter((event) => event.type === 'step-started' && event.stepId.endsWith('#1'));
      expect(stale, `seed ${seed}`).toEqual([]);
      expect(stateOf(world).status).toBe('succeeded');
    }
  });

  it('starts a target that was skipped before, and keeps values from outside the loop', async () => {
    const made = graph(
      [
        node('pick', 'branch', { ports: ['a', 'b'], choices: ['a'] }),
        node('target', 'pure'),
        node('other', 'pure'),
        node('join', 'pure'),
        node('again', 'branch', twice),
        node('end', 'end'),
      ],
      ['start>pick', 'pick.b>target', 'pick.a>other', 'target>join', 'other>join', 'join>again', '<again.b>target', 'again.a>end'],
    );
    const world = await begin(made);
    await world.play(0, 0);
    expect(statuses(world)).toMatchObject({ 'target#1': 'skipped', 'target#2': 'succeeded', 'other#1': 'succeeded', 'end#2': 'succeeded' });
    expect(stateOf(world).steps.get('join#2')?.output).toMatchObject({ from: ['other', 'target'] });
  });

  it('of a first join continues with the winning branch, and journals it', async () => {
    const made = graph(
      [node('slow', 'pause', { ms: 500 }), node('quick', 'pure'), node('race', 'first'), node('ask', 'review'), node('end', 'end')],
      ['start>slow', 'start>quick', 'slow>race', 'quick>race', 'race>ask', '<ask.back>race', 'ask.approve>end'],
    );
    const world = await begin(made);
    await until(world, () => stateOf(world).steps.get('slow#1')?.status === 'succeeded');
    decide(world, 'ask#1', 'back');
    await until(world, () => stateOf(world).steps.get('race#2')?.status === 'succeeded');
    expect(stateOf(world).steps.get('race#2')).toMatchObject({ winner: 'quick>race', output: { winner: 'quick' } });
  });
});

describe('a disabled node (S4)', () => {
  it('passes its input through, and calls nothing', async () => {
    const off = node('off', 'call', { effect: 'unsafe', calls: 1 });
    const made = graph([{ ...off, data: { ...off.data, disabled: true } }, node('end', 'end')], ['start>off', 'off>end']);
    const world = await begin(made);
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'succeeded' });
    expect(stateOf(world).steps.get('off#1')?.output).toEqual({ n: 1 });
    expect(world.asked).toEqual([]);
  });

  it('passes the input of the run through if it is the start', async () => {
    const made = graph([node('end', 'end')], ['start>end']);
    for (const one of made.nodes) if (one.id === 'start') one.data.disabled = true;
    const world = await begin(made);
    await world.play(0, 0);
    expect(stateOf(world).steps.get('start#1')?.output).toEqual({ n: 1 });
  });
});
