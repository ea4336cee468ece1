import { OWNER } from '@switchyard/shared/run/actor.ts';
import { callbackWaitId } from '@switchyard/shared/run/address.ts';
import { storedCallback } from '@switchyard/shared/run/callback.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { describe, expect, it } from 'vitest';
import { begin, decide, graph, node, stateOf, until } from './scenario.ts';
import { LATE_MS, type World } from './world.ts';

describe('due times of reviews (S14, S17)', () => {
  const made = graph([node('ask', 'overdue'), node('end', 'end')], ['start>ask', 'ask>end']);
  const waits = (world: World) => world.journal.flatMap((event) => (event.type === 'step-waiting' && event.wait.kind === 'review' ? [event.wait] : []));
  const waitsFor = (world: World, assignee: string) => () => waits(world).at(-1)?.task.assignee === assignee;

  it('reassign the review under the same ID, and the second assignee can still decide', async () => {
    const world = await begin(made);
    await until(world, waitsFor(world, 'second'));
    const [first, second] = waits(world);
    expect(second).toMatchObject({ reviewId: first?.reviewId, id: 'ask#1/wait:2' });
    decide(world, 'ask#1', 'approve');
    world.engine().wake('run');
    await world.play(0, 0);
    expect(stateOf(world).steps.get('ask#1')).toMatchObject({ status: 'succeeded', output: { by: 'decision', decided: { decision: 'approve' } } });
    expect(world.overdue).toEqual([]);
  });

  it('survive crashes: each passes once, and then the review is closed', async () => {
    const world = await begin(made);
    await until(world, waitsFor(world, 'first'));
    world.crash();
    await until(world, waitsFor(world, 'second'));
    world.crash();
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'succeeded' });
    expect(world.journal.filter((event) => event.type === 'wait-ended').map((event) => event.waitId)).toEqual(['ask#1/wait:1', 'ask#1/wait:2']);
    expect(world.overdue).toEqual([waits(world)[0]?.reviewId]);
  });

  it('have no effect on a review decided before', async () => {
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

  it('costs nothing while it lasts, survives a crash, and ends on time even if the server was off then', async () => {
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

describe('a callback (S17)', () => {
  const made = graph([node('work', 'call', { effect: 'keyed', calls: 1 }), node('ask', 'callback'), node('end', 'end')], ['start>work', 'work>ask', 'ask>end']);
  const send = (world: World, step: string, body: unknown) => {
    const waitId = callbackWaitId(step);
    world.signal({ id: `run:${waitId}`, runId: 'run', kind: 'callback', waitId, value: storedCallback(body), actor: OWNER });
  };

  it('that comes early is kept, over crashes too, and ends the wait once', async () => {
    const world = await begin(made);
    await until(world, () => stateOf(world).steps.has('work#1'));
    send(world, 'ask#1', { early: true });
    world.crash();
    await world.play(0, 0);
    expect(stateOf(world).steps.get('ask#1')).toMatchObject({ status: 'succeeded', output: { got: { early: true } } });
    expect(world.journal.filter(({ type }) => type === 'wait-ended')).toHaveLength(1);
  });
});

describe('canceling (S14)', () => {
  const cancel = (world: World) => world.signal({ id: 'run:cancel', runId: 'run', kind: 'cancel', waitId: null, value: { reason: 'enough' }, actor: OWNER });

  it('stops running and waiting steps, and reports what may have happened', async () => {
    const made = graph([node('work', 'call', { effect: 'unsafe', calls: 1 }), node('ask', 'review')], ['start>work', 'start>ask']);
    const world = await begin(made, { outside: () => 'hangs' });
    await until(world, () => stateOf(world).steps.get('ask#1')?.status === 'waiting');
    await until(world, () => stateOf(world).steps.get('work#1')?.calls.length === 1);
    cancel(world);
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'cancelled', cancelReason: 'enough' });
    expect(stateOf(world).steps.get('work#1')).toMatchObject({ status: 'cancelled', effectUnknown: true });
    expect(stateOf(world).steps.get('ask#1')?.status).toBe('cancelled');
    expect(world.closed).toEqual(['run.ask.1.1']);
  });

  it('ends only when running steps have closed their sockets, and is not published before', async () => {
    const made = graph([node('work', 'call', { effect: 'unsafe', calls: 1 }), node('end', 'end')], ['start>work', 'work>end']);
    const world = await begin(made, { outside: () => 'closes-late' });
    const told: string[] = [];
    void world
      .engine()
      .settled('run', 60_000)
      .then(({ kind }) => told.push(kind));
    await until(world, () => world.open() === 1);
    cancel(world);
    await until(world, () => stateOf(world).cancelling);
    const asked = world.time.now();
    await until(world, () => {
      const ends = isEnded(stateOf(world).status) || isEnded(world.summary()?.status ?? 'queued') || told.length > 0;
      if (world.open() > 0) expect({ ends, step: stateOf(world).steps.get('work#1')?.status }).toEqual({ ends: false, step: 'running' });
      return ends;
    });
    expect(world.time.now() - asked).toBeGreaterThanOrEqual(LATE_MS);
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'cancelled' });
    expect(world.journal.at(-1)).toMatchObject({ type: 'run-finished', status: 'cancelled' });
    expect(stateOf(world).steps.get('work#1')).toMatchObject({ status: 'cancelled', effectUnknown: true });
    expect(told).toHaveLength(1);
  });

  it('cancels a run that waits for a person, and ignores a later decision', async () => {
    const world = await begin(graph([node('ask', 'review'), node('end', 'end')], ['start>ask', 'ask.approve>end']));
    await world.play(0, 0);
    const waitId = stateOf(world).steps.get('ask#1')?.wait?.id ?? '';
    cancel(world);
    await world.play(0, 0);
    world.signal({ id: `run:${waitId}`, runId: 'run', kind: 'decision', waitId, value: { decision: 'approve' }, actor: OWNER });
    await world.play(0, 0);
    expect(stateOf(world).status).toBe('cancelled');
  });
});

describe('callers', () => {
  it('get the reply as soon as the first output is committed, while the rest continues', async () => {
    const made = graph([node('end', 'end'), node('slow', 'pause', { ms: 60_000 })], ['start>end', 'start>slow']);
    const world = await begin(made);
    const settled = world.engine().settled('run', 5_000);
    await until(world, () => world.journal.some((event) => event.type === 'step-finished' && event.reply));
    await until(world, () => world.engine().load() === 0);
    await expect(settled).resolves.toMatchObject({ kind: 'reply', reply: { status: 200 } });
    expect(stateOf(world).status).toBe('waiting');
  });

  it('never get a reply before it is on disk', async () => {
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

  it('that arrive while the rest continues get the reply at once', async () => {
    const made = graph([node('end', 'end'), node('slow', 'call', { effect: 'keyed', calls: 1 })], ['start>end', 'start>slow']);
    const world = await begin(made, { outside: () => 'hangs' });
    await until(world, () => world.asked.length === 1);
    const settled = world.engine().settled('run', 60_000);
    await expect(settled).resolves.toMatchObject({ kind: 'reply' });
  });

  it('are held through a wait that ends before their deadline, and released from one that does not', async () => {
    const short = await begin(graph([node('nap', 'pause', { ms: 50 }), node('end', 'end')], ['start>nap', 'nap>end']));
    const first = short.engine().settled('run', 5_000);
    await short.play(0, 0);
    await expect(first).resolves.toMatchObject({ kind: 'reply' });
    const long = await begin(graph([node('ask', 'review')], ['start>ask']));
    const second = long.engine().settled('run', 5_000);
    await long.play(0, 0);
    await expect(second).resolves.toEqual({ kind: 'waiting' });
  });

  it('get a large value in full, though the journal refers to it', async () => {
    const made = graph([node('much', 'large'), node('after', 'pure'), node('end', 'end')], ['start>much', 'much>after', 'after>end']);
    const world = await begin(made);
    await world.play(0.1, 1);
    expect(String(stateOf(world).steps.get('much#1')?.output)).toMatch(/^blob:/);
    expect(stateOf(world).status).toBe('succeeded');
  });
});

describe('a clock that is changed (S88)', () => {
  const HOUR = 3_600_000;

  for (const [jump, name] of [
    [HOUR, 'forward'],
    [-HOUR, 'back'],
  ] as const) {
    it(`an hour ${name} changes no delay, also with a wake in between`, async () => {
      const world = await begin(graph([node('pause', 'pause', { ms: 20_000 }), node('end', 'end')], ['start>pause', 'pause>end']));
      await until(world, () => stateOf(world).status === 'waiting' && world.engine().load() === 0);
      const began = world.time.elapsed();
      world.time.set(jump);
      world.engine().wake('run');
      await until(world, () => stateOf(world).status === 'succeeded');
      expect(world.time.elapsed() - began).toBeGreaterThan(19_000);
      expect(world.time.elapsed() - began).toBeLessThan(21_000);
    });

    it(`an hour ${name} changes no backoff and no timeout`, async () => {
      const policy = { retry: { max: 1, backoffMs: 10_000, factor: 1, jitter: 0 }, timeoutMs: 5_000 };
      const made = graph([node('work', 'call', { effect: 'keyed', calls: 1 }, policy)], ['start>work']);
      const world = await begin(made, { outside: (_, count) => (count === 0 ? 'fails' : 'hangs') });
      await until(world, () => stateOf(world).steps.get('work#1')?.wait?.kind === 'retry');
      const began = world.time.elapsed();
      world.time.set(jump);
      await until(world, () => world.asked.length === 2);
      world.time.set(jump);
      await world.play(0, 0);
      expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
      expect(world.time.elapsed() - began).toBeGreaterThan(14_000);
      expect(world.time.elapsed() - began).toBeLessThan(16_000);
    });
  }

  it('forward to the due time of a review makes it overdue', async () => {
    const world = await begin(graph([node('ask', 'overdue', { ms: HOUR }), node('end', 'end')], ['start>ask', 'ask>end']));
    await until(world, () => stateOf(world).status === 'waiting' && world.engine().load() === 0);
    const began = world.time.elapsed();
    world.time.set(HOUR);
    await until(world, () => world.journal.some((event) => event.type === 'wait-ended'));
    expect(world.time.elapsed() - began).toBeLessThan(1_000);
  });

  it('while the server is down counts: a delay ends by the wall clock', async () => {
    const world = await begin(graph([node('pause', 'pause', { ms: HOUR }), node('end', 'end')], ['start>pause', 'pause>end']));
    await until(world, () => stateOf(world).status === 'waiting' && world.engine().load() === 0);
    const began = world.time.elapsed();
    world.time.set(HOUR - 60_000);
    world.crash();
    await until(world, () => stateOf(world).status === 'succeeded');
    expect(world.time.elapsed() - began).toBeLessThan(62_000);
  });
});

describe('a stop', () => {
  it('gives up after 10 s if the store accepts no writes', async () => {
    let isAway = false;
    const made = graph([node('work', 'call', { effect: 'keyed', calls: 2 })], ['start>work']);
    const world = await begin(made, { storeIsAway: () => isAway, outside: (_, _count, url) => (url.endsWith('/0') ? 'answers' : 'hangs') });
    await until(world, () => world.asked.length === 1);
    isAway = true;
    const began = world.time.elapsed();
    let isDown = false;
    void world
      .engine()
      .shutdown(10_000)
      .then(() => {
        isDown = true;
      });
    await until(world, () => isDown);
    expect(world.time.elapsed() - began).toBeLessThan(10_500);
    expect(world.engine().load()).toBe(1);
    isAway = false;
    world.crash();
    await until(world, () => world.asked.length === 3);
  });
});
