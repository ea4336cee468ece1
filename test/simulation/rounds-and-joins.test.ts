import { describe, expect, it } from 'vitest';
import { begin, decide, graph, node, stateOf, statuses, until } from './scenario.ts';

describe('rounds (S7)', () => {
  const loop = graph(
    [node('draft', 'pure'), node('side', 'pure'), node('ask', 'review'), node('end', 'end')],
    ['start>draft', 'draft>ask', 'draft>side', 'ask.approve>end', '<ask.back>draft'],
  );

  it('start a new round of the target and everything forward of it, and open a new review', async () => {
    const world = await begin(loop);
    await world.play(0, 0);
    decide(world, 'ask#1', 'back');
    await world.play(0, 0);
    expect(statuses(world)).toMatchObject({ 'draft#2': 'succeeded', 'side#2': 'succeeded', 'ask#2': 'waiting', 'start#1': 'succeeded' });
    decide(world, 'ask#2', 'approve');
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'succeeded', reply: { value: { end: 'end' } } });
  });

  const endless = (edge: string, ...more: string[]) =>
    graph(
      [
        node('work', 'pure'),
        node('again', 'branch', { ports: ['a', 'b'], choices: ['b'] }, more.length > 0 ? { onError: 'branch' } : undefined),
        node('end', 'end'),
      ],
      ['start>work', 'work>again', edge, 'again.a>end', ...more],
    );

  it('fail with loop-limit when a loop edge is taken more than ten times', async () => {
    const world = await begin(endless('<again.b>work'));
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'loop-limit' } });
    expect([...stateOf(world).steps.keys()]).toContain('work#11');
  });

  it('obey the limit of a loop edge, lower or higher than the default', async () => {
    for (const [limit, rounds] of [
      [2, 3],
      [15, 16],
    ] as const) {
      const world = await begin(endless(`${limit}<again.b>work`));
      await world.play(0, 0);
      expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'loop-limit' } });
      expect(stateOf(world).rounds.get('work')).toBe(rounds);
    }
  });

  it('take the error branch when the limit is reached, if there is one', async () => {
    const world = await begin(endless('2<again.b>work', 'again.error>end'));
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'succeeded', reply: { value: { end: 'end' } } });
    expect(stateOf(world).steps.get('again#3')).toMatchObject({ status: 'failed', handled: true, error: { code: 'loop-limit' } });
  });

  it('fail when the loop edge is the error branch itself', async () => {
    const failing = graph(
      [node('work', 'call', { effect: 'idempotent', calls: 1 }, { onError: 'branch' }), node('end', 'end')],
      ['start>work', 'work>end', '2<work.error>work'],
    );
    const world = await begin(failing, { outside: () => 'fails' });
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'loop-limit' } });
  });

  it('reset the loop count of an inner loop when an outer one restarts it', async () => {
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

  it('supersede unfinished steps when the loop edge is taken, and close their sockets', async () => {
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

describe('open work when a new round starts (S7)', () => {
  it('is closed: a person’s review, and a possible effect, which is recorded', async () => {
    const made = graph(
      [node('work', 'pure'), node('ask', 'review'), node('other', 'review'), node('send', 'call', { effect: 'unsafe', calls: 1 })],
      ['start>work', 'work>ask', 'work>other', 'work>send', '<ask.back>work'],
    );
    const world = await begin(made, { outside: () => 'hangs' });
    await until(world, () => stateOf(world).steps.get('other#1')?.status === 'waiting' && world.asked.length === 1);
    await until(world, () => stateOf(world).steps.get('ask#1')?.status === 'waiting');
    decide(world, 'ask#1', 'back');
    await until(world, () => stateOf(world).steps.get('ask#2')?.status === 'waiting');
    expect(world.closed).toEqual(['run.other.1.1']);
    expect(stateOf(world).steps.get('other#1')).toMatchObject({ status: 'cancelled', cancelReason: 'superseded' });
    expect(stateOf(world).steps.get('send#1')).toMatchObject({ status: 'cancelled', effectUnknown: true });
  });
});

describe('joins and dead paths (S6)', () => {
  it('skip what no live edge leads to, and continue where one does', async () => {
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

  it('wait for every edge that may still be taken, and continue with all that were', async () => {
    const made = graph(
      [node('quick', 'pure'), node('slow', 'pause', { ms: 500 }), node('both', 'pure'), node('after', 'pure')],
      ['start>quick', 'start>slow', 'quick>both', 'slow>both', 'quick>after', 'both>after'],
    );
    const world = await begin(made);
    await until(world, () => stateOf(world).status === 'waiting');
    expect(statuses(world)).toEqual({ 'start#1': 'succeeded', 'quick#1': 'succeeded', 'slow#1': 'waiting' });
    await world.play(0, 0);
    expect(stateOf(world).steps.get('both#1')?.output).toMatchObject({ from: ['quick', 'slow'] });
    expect(stateOf(world).steps.get('after#1')?.output).toMatchObject({ from: ['both', 'quick'] });
  });

  it('journal the winner of a first join, let the others finish, and start it once', async () => {
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

  it('run steps in parallel', async () => {
    const calls = { effect: 'keyed', calls: 1 };
    const made = graph([node('one', 'call', calls), node('two', 'call', calls)], ['start>one', 'start>two']);
    const world = await begin(made, { outside: () => 'hangs' });
    await world.play(0, 0);
    expect(statuses(world)).toMatchObject({ 'one#1': 'running', 'two#1': 'running' });
  });
});
