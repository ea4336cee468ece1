import type { Policy } from '@switchyard/shared/graph/graph.ts';
import { describe, expect, it } from 'vitest';
import type { WorldOptions } from './inner.ts';
import { begin, decide, graph, node, stateOf, statuses, until } from './scenario.ts';
import type { World } from './world.ts';

describe('errors (S10, S11)', () => {
  const failing = (policy: Policy) =>
    graph([node('work', 'call', { effect: 'keyed', calls: 1 }, policy), node('rescue', 'pure')], ['start>work', 'work.error>rescue']);

  it('takes the error branch if the policy says so, and fails the run otherwise', async () => {
    const handled = await begin(failing({ onError: 'branch' }), { outside: () => 'fails' });
    await handled.play(0, 0);
    expect(stateOf(handled)).toMatchObject({ status: 'succeeded' });
    expect(statuses(handled)).toMatchObject({ 'work#1': 'failed', 'rescue#1': 'succeeded' });
    const fatal = await begin(failing({}), { outside: () => 'fails' });
    await fatal.play(0, 0);
    expect(stateOf(fatal)).toMatchObject({ status: 'failed', error: { code: 'unexpected-status', stepId: 'work#1' } });
  });

  it('continues with the fallback value, marked as recovered', async () => {
    const world = await begin(failing({ onError: 'continue-with', continueWith: { answers: ['none'] } }), { outside: () => 'fails' });
    await world.play(0, 0);
    expect(stateOf(world).steps.get('work#1')).toMatchObject({ status: 'succeeded', output: { answers: ['none'] }, recovered: { code: 'unexpected-status' } });
  });

  it('stores a large fallback value by reference and passes it on in full, also if a crash was the failure (S28)', async () => {
    const answers = ['x'.repeat(2_000)];
    const large = (policy: Policy) =>
      graph(
        [node('work', 'call', { effect: 'unsafe', calls: 1 }, { ...policy, onError: 'continue-with', continueWith: { answers } }), node('after', 'measure')],
        ['start>work', 'work>after'],
      );
    const failed = await begin(large({}), { outside: () => 'fails' });
    await failed.play(0, 0);
    const cutOff = await begin(large({ onInterrupted: 'fail' }), { outside: () => 'hangs' });
    await until(cutOff, () => cutOff.asked.length === 1);
    cutOff.crash();
    await cutOff.play(0, 0);
    for (const world of [failed, cutOff]) {
      expect(stateOf(world).status).toBe('succeeded');
      expect(String(stateOf(world).steps.get('work#1')?.output)).toMatch(/^blob:/);
      expect(stateOf(world).steps.get('after#1')?.output).toEqual({ seen: JSON.stringify({ answers }).length });
    }
  });

  it('retries after a growing wait that is in the journal, and holds nothing meanwhile', async () => {
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

  it('performs each of several calls once, across attempts and crashes (S12)', async () => {
    const policy: Policy = { retry: { max: 1, backoffMs: 10, factor: 1, jitter: 0 } };
    const made = graph([node('work', 'call', { effect: 'keyed', calls: 3 }, policy)], ['start>work']);
    const second = (world: World) => world.asked.filter((key) => key.endsWith('/1')).length;
    const world = await begin(made, { outside: (_, count, url) => (!url.endsWith('/1') || count === 2 ? 'answers' : count === 0 ? 'fails' : 'hangs') });
    await until(world, () => second(world) === 2);
    world.crash();
    await world.play(0, 0);
    const outside = [0, 1, 2].map((number) => `http://outside/${number}`);
    expect(stateOf(world).steps.get('work#1')).toMatchObject({ status: 'succeeded', output: { answers: outside } });
    expect(world.asked.map((key) => key.split(' ')[1])).toEqual([outside[0], outside[1], outside[1], outside[1], outside[2]]);
  });

  it('does not repeat an unsafe step that may have taken effect', async () => {
    const policy: Policy = { retry: { max: 3, backoffMs: 1, factor: 1, jitter: 0 } };
    const world = await begin(graph([node('work', 'call', { effect: 'unsafe', calls: 1 }, policy)], ['start>work']), { outside: () => 'fails' });
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'unexpected-status' } });
    expect(world.asked).toHaveLength(1);
  });

  it('retries when the wait is over, not only when parallel steps have ended', async () => {
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

  it('ends an attempt at its timeout and closes its socket', async () => {
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

  it('ends as failed at an output marked as a failure, and keeps its reply', async () => {
    const world = await begin(graph([node('end', 'end', { outcome: 'failure' })], ['start>end']));
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'output-failure' }, reply: { value: { end: 'end' } } });
  });

  it('cancels running steps when such an output is reached', async () => {
    const made = graph(
      [node('slow', 'call', { effect: 'keyed', calls: 1 }), node('nap', 'pause', { ms: 50 }), node('end', 'end', { outcome: 'failure' })],
      ['start>slow', 'start>nap', 'nap>end'],
    );
    const world = await begin(made, { outside: () => 'hangs' });
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'output-failure' } });
    expect(stateOf(world).steps.get('slow#1')).toMatchObject({ status: 'cancelled', cancelReason: 'run-failed' });
  });
});

describe('a value that cannot be stored', () => {
  it('fails the step that made it, or the one that would receive it, and never loops', async () => {
    for (const unstorable of ['at-once', 'later'] as const) {
      const world = await begin(graph([node('much', 'large'), node('after', 'pure')], ['start>much', 'much>after']), { unstorable });
      await world.play(0, 0);
      expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'node-failed', stepId: 'much#1' } });
    }
  });
});

describe('crashes (S11, S15, S29a)', () => {
  const calling = (effect: string, policy?: Policy) => graph([node('work', 'call', { effect, calls: 1 }, policy)], ['start>work']);
  const inFlight = (world: World, requests = 1) => world.asked.length === requests;

  it('asks a person before it repeats an interrupted unsafe step', async () => {
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

  it('asks again if an unsafe step is interrupted after a person or the policy let it run again', async () => {
    const retry = { retry: { max: 1, backoffMs: 1, factor: 1, jitter: 0 } };
    for (const [policy, first] of [[undefined, 'hangs'] as const, [retry, 'finds-no-server'] as const]) {
      const world = await begin(calling('unsafe', policy), { outside: (_, count) => (count === 0 ? first : 'hangs') });
      await until(world, () => inFlight(world));
      if (first === 'hangs') {
        world.crash();
        await until(world, () => stateOf(world).steps.get('work#1')?.wait?.kind === 'interrupted');
        decide(world, 'work#1', 'retry');
      }
      await until(world, () => inFlight(world, 2));
      world.crash();
      await world.play(0, 0);
      expect(stateOf(world).steps.get('work#1')?.wait?.kind).toBe('interrupted');
      expect(world.asked).toHaveLength(2);
    }
  });

  it('fails an interrupted unsafe step if the policy says so', async () => {
    const world = await begin(calling('unsafe', { onInterrupted: 'fail' }), { outside: () => 'hangs' });
    await until(world, () => inFlight(world));
    world.crash();
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'step-interrupted' } });
  });

  it('fails the run after three crashes in the same step, naming that step', async () => {
    const world = await begin(calling('keyed'), { outside: () => 'hangs' });
    for (let crash = 0; crash < 3; crash++) {
      await until(world, () => inFlight(world, crash + 1));
      world.crash();
    }
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'step-crashed', stepId: 'work#1' } });
  });

  it('fails the run with another code if two steps were running', async () => {
    const calls = { effect: 'keyed', calls: 1 };
    const world = await begin(graph([node('one', 'call', calls), node('two', 'call', calls)], ['start>one', 'start>two']), { outside: () => 'hangs' });
    for (let crash = 1; crash <= 3; crash++) {
      await until(world, () => world.asked.length === 2 * crash);
      world.crash();
    }
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'run-crashed' } });
    expect(world.asked).toHaveLength(6);
  });

  it('survives any number of crashes as long as each time there is progress', async () => {
    const made = graph([node('work', 'call', { effect: 'keyed', calls: 8 })], ['start>work']);
    const world = await begin(made, { outside: () => 'answers' });
    const answered = () => world.journal.filter((event) => event.type === 'call-finished').length;
    for (let crash = 1; crash <= 7; crash++) {
      await until(world, () => answered() >= crash);
      world.crash();
      await until(world, () => world.journal.at(-1)?.type === 'call-started');
      world.crash();
    }
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'succeeded' });
  });

  it('hands off a run on shutdown without counting a crash', async () => {
    const world = await begin(calling('keyed'), { outside: (_, count) => (count === 0 ? 'hangs' : 'answers') });
    await until(world, () => inFlight(world));
    let isDown = false;
    void world
      .engine()
      .shutdown(5_000)
      .then(() => {
        isDown = true;
      });
    await until(world, () => isDown);
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
    expect(world.problems.join()).toContain('taken over by another driver');
  });

  it('appends nothing to a waiting run at startup', async () => {
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

describe('the record of a run (S16)', () => {
  it('shows that the run waits, even if a crash came between journal and record', async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const world = await begin(graph([node('ask', 'review')], ['start>ask']), { seed });
      await until(world, () => stateOf(world).status === 'waiting');
      world.crash();
      await world.play(0, 0);
      expect(world.summary(), `seed ${seed}`).toMatchObject({ status: 'waiting' });
    }
  });
});
