import type { CallPlace } from '@switchyard/server/engine/ports.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { BudgetQuestion } from '@switchyard/shared/run/budget-review.ts';
import { describe, expect, it } from 'vitest';
import { begin, decide, graph, node, stateOf, until } from './scenario.ts';
import type { World } from './world.ts';

/* A budget that asks (S63), with the clock, crashes, and decisions under control. */

const made = graph([node('work', 'call', { effect: 'unsafe', calls: 2 }), node('end', 'end')], ['start>work', 'work>end']);
const isWaiting = (world: World) => () => stateOf(world).steps.get('work#1')?.wait?.kind === 'budget';
const waits = (world: World) => world.journal.flatMap((event) => (event.type === 'step-waiting' && event.wait.kind === 'budget' ? [event.wait] : []));

function asks({ callId }: CallPlace, budgetId: string, endsAt?: number): AppError {
  const due = endsAt !== undefined && { endsAt: new Date(endsAt).toISOString() };
  const amounts = { hardMicros: 1, settledMicros: 1, reservedMicros: 0, callMicros: 1 };
  const ask: BudgetQuestion = {
    budgetId,
    revision: 1,
    callId,
    name: budgetId,
    ...amounts,
    period: endsAt === undefined ? 'run' : 'day',
    ...due,
    model: 'm',
    route: 'r',
  };
  return new AppError('budget-exceeded', 'used up', { beforeEffect: true, details: { ask } });
}

/** Refuses the calls whose ID ends like this, unless a reviewer allowed them to exceed all of these budgets. */
const unless =
  (call: string, ...budgets: string[]) =>
  (place: CallPlace) => {
    const missing = place.callId.endsWith(call) ? budgets.find((id) => !place.permit?.allowed.includes(id)) : undefined;
    return missing === undefined ? undefined : asks(place, missing);
  };

describe('a step that waits for a budget', () => {
  it('continues without a decision when the period ends, also after crashes, and closes its review', async () => {
    let endsAt = 0;
    const world = await begin(made, { refuse: (place, now) => (now < endsAt ? asks(place, 'day', endsAt) : undefined) });
    endsAt = world.time.now() + 3_600_000;
    await until(world, isWaiting(world));
    world.crash();
    await world.play(0, 0);
    expect(world.time.now()).toBeGreaterThanOrEqual(endsAt);
    expect(stateOf(world).status).toBe('succeeded');
    expect(waits(world)).toHaveLength(1);
    expect(world.closed).toEqual([waits(world)[0]?.reviewId]);
  });

  it('makes only the allowed call, in the same attempt, and repeats no finished one', async () => {
    const world = await begin(made, { refuse: unless('http:2', 'one') });
    await until(world, isWaiting(world));
    decide(world, 'work#1', 'allow_once');
    world.crash();
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'succeeded' });
    expect(stateOf(world).steps.get('work#1')?.attempts).toHaveLength(1);
    expect([...world.effects.values()]).toEqual([1, 1]);
  });

  it('asks about each budget in the way, and remembers what was allowed', async () => {
    const world = await begin(made, { refuse: unless('http:1', 'one', 'two') });
    for (const budgetId of ['one', 'two']) {
      await until(world, () => waits(world).at(-1)?.asks.budgetId === budgetId && isWaiting(world)());
      decide(world, 'work#1', 'allow_once');
      world.engine().wake('run');
    }
    await world.play(0, 0);
    expect(stateOf(world).status).toBe('succeeded');
    expect(waits(world).map(({ allowed }) => allowed)).toEqual([[], ['one']]);
  });

  it('fails if the call is refused', async () => {
    const world = await begin(made, { refuse: unless('http:1', 'one') });
    await until(world, isWaiting(world));
    decide(world, 'work#1', 'refuse');
    world.engine().wake('run');
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'budget-exceeded', details: { refused: true } } });
    expect(world.asked).toEqual([]);
  });
});

describe('a budget that pauses calls until its period ends', () => {
  const pausing = (endsAt: () => number) => (_: CallPlace, now: number) =>
    now < endsAt() ? new AppError('budget-exceeded', 'used up', { beforeEffect: true, details: { waitUntil: new Date(endsAt()).toISOString() } }) : undefined;
  const retrying = graph(
    [node('work', 'call', { effect: 'keyed', calls: 1 }, { retry: { max: 2, backoffMs: 1_000, factor: 10, jitter: 0 } }), node('end', 'end')],
    ['start>work', 'work>end'],
  );

  it('leaves all attempts and the first backoff to the step, however often it pauses, and also after a crash', async () => {
    let endsAt = 0;
    const world = await begin(retrying, { refuse: pausing(() => endsAt), outside: (_, count) => (count < 2 ? 'fails' : 'answers') });
    const codes = () =>
      stateOf(world)
        .steps.get('work#1')
        ?.attempts.map(({ error }) => error?.code) ?? [];
    const paused = (times: number) => () => codes().filter((code) => code === 'budget-exceeded').length === times;
    for (const times of [1, 2, 3]) {
      endsAt = world.time.now() + times * 3_600_000;
      await until(world, paused(times));
    }
    world.crash();
    await world.play(0, 0);
    const step = stateOf(world).steps.get('work#1');
    expect(step).toMatchObject({ status: 'succeeded' });
    expect(codes()).toEqual([...Array(3).fill('budget-exceeded'), 'unexpected-status', 'unexpected-status', undefined]);
    const [first = 0, second = 0] = step?.attempts.slice(3).map(({ startedAt }) => Date.parse(startedAt)) ?? [];
    expect(second - first).toBeLessThan(5_000);
  });
});
