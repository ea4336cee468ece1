import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { findStep } from '@switchyard/shared/run/state.ts';
import { describe, expect, it } from 'vitest';
import { checkJournal } from './check-journal.ts';
import { begin, decide, graph, inside, node, stateOf } from './scenario.ts';
import type { World } from './world.ts';

const events = (world: World, type: JournalEvent['type']) => world.journal.filter((event) => event.type === type);
const outputOf = (world: World, key = 'each') => findStep(stateOf(world), `${key}#1`)?.output;
/** The most items that had a step in flight at the same time. */
function mostAtOnce(world: World): number {
  const running = new Map<string, Set<string>>();
  let most = 0;
  for (const event of world.journal) {
    if (!('stepId' in event) || !event.stepId.includes(']/')) continue;
    const frame = event.stepId.slice(0, event.stepId.lastIndexOf(']/') + 1);
    const steps = running.get(frame) ?? new Set();
    if (event.type === 'step-started') running.set(frame, steps.add(event.stepId));
    if (['step-finished', 'step-failed', 'step-cancelled', 'step-waiting'].includes(event.type)) steps.delete(event.stepId);
    if (steps.size === 0) running.delete(frame);
    most = Math.max(most, running.size);
  }
  return most;
}

const each = (params: Record<string, unknown>, inner: Parameters<typeof graph>[0], edges: string[] = []) =>
  graph(
    [node('each', 'each', params), ...inner.map((made) => inside(made.parentId ?? 'each', made)), node('end', 'end')],
    ['start>each', 'each>end', ...edges],
  );

describe('a for-each', () => {
  it('runs its nodes once per item, keeps the order, and ends with all results', async () => {
    const world = await begin(each({ count: 10, concurrency: 3 }, [node('ask', 'call', { effect: 'keyed', calls: 1 }), node('note', 'pure')], ['ask>note']));
    await world.play(0, 0);
    checkJournal(world);
    expect(stateOf(world)).toMatchObject({ status: 'succeeded', reply: { value: { end: 'end', from: ['each'] } } });
    expect(outputOf(world)).toMatchObject({ count: 10, succeeded: 10, failed: [] });
    expect((outputOf(world) as { items: unknown[] }).items).toHaveLength(10);
    expect(mostAtOnce(world)).toBe(3);
    expect(stateOf(world).frames.size + stateOf(world).containers.size).toBe(0);
    expect([...stateOf(world).steps.keys()]).toEqual(['start#1', 'each#1', 'end#1']);
    expect(stateOf(world).steps.get('each#1')?.items).toEqual({ count: 10, succeeded: 10, failed: 0, open: 0, failures: [] });
  });

  it('ends at once with an empty list, and with nodes that are skipped', async () => {
    const empty = await begin(each({ count: 0 }, [node('note', 'pure')]));
    await empty.play(0, 0);
    expect(outputOf(empty)).toEqual({ items: [], failed: [], count: 0, succeeded: 0 });
    const bare = await begin(each({ count: 2 }, []));
    await bare.play(0, 0);
    expect(outputOf(bare)).toEqual({ items: [{}, {}], failed: [], count: 2, succeeded: 2 });
  });

  it('lists items that fail', async () => {
    const outside = (stepId: string) => (stepId.startsWith('each#1[1]/') || stepId.startsWith('each#1[3]/') ? 'fails' : 'answers');
    const world = await begin(each({ count: 5 }, [node('ask', 'call', { effect: 'keyed', calls: 1 })]), { outside });
    await world.play(0, 0);
    checkJournal(world);
    expect(stateOf(world).status).toBe('succeeded');
    expect(outputOf(world)).toMatchObject({ count: 5, succeeded: 3, failed: [{ index: 1 }, { index: 3 }], items: [{}, null, {}, null, {}] });
    expect(
      stateOf(world)
        .steps.get('each#1')
        ?.items?.failures.map(({ index }) => index)
        .sort(),
    ).toEqual([1, 3]);
  });

  it('stops at the first item that fails, and cancels the others', async () => {
    const outside = (stepId: string) => (stepId.startsWith('each#1[1]/') ? 'fails' : 'hangs');
    const world = await begin(each({ count: 5, onItemError: 'stop' }, [node('ask', 'call', { effect: 'keyed', calls: 1 })]), { outside });
    await world.play(0, 0);
    checkJournal(world);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'item-failed', details: { index: 1 } } });
    expect(events(world, 'step-cancelled').map((event) => 'reason' in event && event.reason)).toEqual(['item-failed', 'item-failed', 'item-failed']);
    expect(stateOf(world).runningCount).toBe(0);
  });

  it('gives the slot of a waiting item to the next, and takes woken items first', async () => {
    const world = await begin(
      each({ count: 4, concurrency: 1 }, [node('ask', 'review'), node('note', 'call', { effect: 'keyed', calls: 1 })], ['ask.approve>note']),
    );
    await world.play(0, 0);
    expect(stateOf(world)).toMatchObject({ status: 'waiting', waitingCount: 4, runningCount: 0 });
    for (const item of [2, 0, 3, 1]) decide(world, `each#1[${item}]/ask#1`, 'approve');
    await world.play(0, 0);
    checkJournal(world);
    expect(mostAtOnce(world)).toBe(1);
    expect(outputOf(world)).toMatchObject({ count: 4, succeeded: 4 });
  });

  it('continues after kills, without repeating an item that has finished', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const world = await begin(
        each({ count: 12, concurrency: 4 }, [node('ask', 'call', { effect: 'keyed', calls: 2 }), node('wait', 'pause', { ms: 20 })], ['ask>wait']),
        { seed },
      );
      await world.play(0.05, 2);
      checkJournal(world);
      expect(outputOf(world), `seed ${seed}`).toMatchObject({ count: 12, succeeded: 12 });
      const ended = events(world, 'frame-finished').map((event) => 'frameId' in event && event.frameId);
      expect(new Set(ended).size).toBe(12);
      expect(ended).toHaveLength(12);
    }
  });

  it('has loops of its own in each item', async () => {
    const again = node('again', 'branch', { ports: ['a', 'b'], choices: ['b', 'b', 'a'] });
    const world = await begin(each({ count: 3 }, [node('work', 'pure'), again, node('last', 'pure')], ['work>again', '<again.b>work', 'again.a>last']));
    await world.play(0, 0);
    checkJournal(world);
    expect(outputOf(world)).toMatchObject({ items: [0, 1, 2].map(() => ({ round: 3, from: ['again'] })) });
    expect(events(world, 'round-started')).toHaveLength(6);
    expect(stateOf(world).rounds.size).toBe(0);
  });

  it('fails an item whose loop is endless, and only that', async () => {
    const again = node('again', 'branch', { ports: ['a', 'b'], choices: ['b'] });
    const world = await begin(each({ count: 2 }, [node('work', 'pure'), again], ['work>again', '2<again.b>work']));
    await world.play(0, 0);
    expect(outputOf(world)).toMatchObject({ succeeded: 0, failed: [{ error: { code: 'loop-limit' } }, { error: { code: 'loop-limit' } }] });
  });

  it('nests', async () => {
    const inner = [node('inner', 'each', { count: 3 }), inside('inner', node('ask', 'call', { effect: 'keyed', calls: 1 })), node('after', 'pure')];
    const world = await begin(each({ count: 4, concurrency: 2 }, inner, ['inner>after']));
    await world.play(0.02, 1);
    checkJournal(world);
    expect(outputOf(world)).toMatchObject({ count: 4, succeeded: 4 });
    expect(events(world, 'frame-finished')).toHaveLength(4 * 3 + 4);
    expect(stateOf(world)).toMatchObject({ status: 'succeeded', runningCount: 0, waitingCount: 0, busyCount: 0 });
  });

  it('is canceled with everything in it', async () => {
    const world = await begin(each({ count: 5, concurrency: 2 }, [node('ask', 'review'), node('call', 'call', { effect: 'keyed', calls: 1 })]), {
      outside: () => 'hangs',
    });
    await world.play(0, 0);
    world.signal({ id: 'run:cancel', runId: 'run', kind: 'cancel', waitId: null, value: {}, actor: { kind: 'user', id: 'owner' } });
    await world.play(0, 0);
    checkJournal(world);
    expect(stateOf(world)).toMatchObject({ status: 'cancelled', runningCount: 0, waitingCount: 0 });
    expect(stateOf(world).steps.get('each#1')?.status).toBe('cancelled');
  });

  it('starts over in a new round of its loop', async () => {
    const made = graph(
      [
        node('each', 'each', { count: 2 }),
        inside('each', node('note', 'pure')),
        node('again', 'branch', { ports: ['a', 'b'], choices: ['b', 'a'] }),
        node('end', 'end'),
      ],
      ['start>each', 'each>again', '<again.b>each', 'again.a>end'],
    );
    const world = await begin(made);
    await world.play(0, 0);
    checkJournal(world);
    expect(events(world, 'frame-finished').map((event) => 'frameId' in event && event.frameId)).toEqual(['each#1[0]', 'each#1[1]', 'each#2[0]', 'each#2[1]']);
    expect(stateOf(world).status).toBe('succeeded');
  });
});
