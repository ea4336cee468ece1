import type { Policy } from '@switchyard/shared/graph/graph.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { applyEvent } from '@switchyard/shared/run/fold.ts';
import { findStep, type OpenFrame, type RunState } from '@switchyard/shared/run/state.ts';
import { describe, expect, it } from 'vitest';
import { checkFrames } from './check-frames.ts';
import { checkJournal } from './check-journal.ts';
import type { WorldOptions } from './inner.ts';
import { begin, graph, inside, node, stateOf, until } from './scenario.ts';
import { storedValue, type World } from './world.ts';

/* What once went wrong inside a for-each: values that are stored while something else happens, errors, and crashes. */

const each = (params: Record<string, unknown>, inner: Parameters<typeof graph>[0], edges: string[] = [], policy?: Policy) =>
  graph(
    [node('each', 'each', params, policy), ...inner.map((made) => inside(made.parentId ?? 'each', made)), node('end', 'end')],
    ['start>each', 'each>end', ...edges],
  );

const call = (key: string) => node(key, 'call', { effect: 'keyed', calls: 1 });
const started = (world: World) => world.journal.flatMap((event) => (event.type === 'step-started' ? [event.stepId] : []));

describe('in a for-each', () => {
  it('an item that another overtook still runs after a crash', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = await begin(each({ count: 6, wide: true, concurrency: 3 }, [node('long', 'text', { text: '{{ item.text }}' })]), { seed });
      await until(world, () => started(world).some((id) => id.startsWith('each#1[')));
      world.crash();
      await world.play(0, 0);
      checkJournal(world);
      expect(findStep(stateOf(world), 'each#1')?.output, `seed ${seed}`).toMatchObject({ count: 6, succeeded: 6 });
    }
  });

  it('a step that stores its input never starts once its item has failed', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const inner = [node('long', 'text', { text: '{{ item.text }}' }), node('bad', 'fault', { every: 1 }), call('after')];
      const world = await begin(
        each({ count: 4, wide: true, onItemError: seed % 2 === 0 ? 'stop' : 'collect' }, inner, ['long>after'], { onError: 'branch' }),
        {
          seed,
        },
      );
      await world.play(0, 0);
      checkJournal(world);
      expect(stateOf(world).status).toBe('succeeded');
      expect(world.asked).toEqual([]);
    }
  });

  it('nothing starts in an item within an item that fails at the same moment', async () => {
    const nested = [
      node('inner', 'each', { count: 1 }),
      inside('inner', node('wait', 'pause', { ms: 10 })),
      inside('inner', call('ask')),
      node('pause', 'pause', { ms: 10 }),
      node('bad', 'fault', { every: 1 }),
    ];
    for (let seed = 1; seed <= 20; seed++) {
      const world = await begin(each({ count: 1 }, nested, ['pause>bad', 'wait>ask']), { seed });
      await world.play(0, 0);
      checkJournal(world);
      expect(findStep(stateOf(world), 'each#1')?.output).toMatchObject({ failed: [{ index: 0, error: { code: 'node-failed' } }] });
      expect(started(world), `seed ${seed}`).not.toContain('each#1[0]/inner#1[0]/ask#1');
    }
  });

  it('three crashes in one item fail the run, naming its step', async () => {
    const world = await begin(each({ count: 3, concurrency: 1 }, [call('ask')]), {
      outside: (stepId) => (stepId.startsWith('each#1[1]/') ? 'hangs' : 'answers'),
    });
    for (let crash = 1; crash <= 3; crash++) {
      await until(world, () => world.asked.filter((asked) => asked.includes('[1]')).length === crash);
      world.crash();
    }
    await world.play(0, 0);
    checkJournal(world);
    expect(stateOf(world)).toMatchObject({ status: 'failed', error: { code: 'step-crashed', stepId: 'each#1[1]/ask#1' } });
  });

  it('the outputs of several last nodes are in the result in full, large ones too', async () => {
    const world = await begin(each({ count: 2 }, [node('one', 'large'), node('two', 'pure')]));
    await world.play(0, 0);
    checkJournal(world);
    expect(storedValue(findStep(stateOf(world), 'each#1')?.output)).toMatchObject({ items: [0, 1].map(() => ({ one: { text: 'x'.repeat(2000) } })) });
  });

  it('a list that is stored by reference is loaded once for items that start together', async () => {
    const world = await begin(each({ count: 50, wide: true, concurrency: 20 }, [node('long', 'text', { text: '{{ item.n }}' })]));
    await world.play(0, 0);
    checkJournal(world);
    expect(stateOf(world).status).toBe('succeeded');
    expect(world.loads()).toBeLessThanOrEqual(2);
  });
});

describe('a broken for-each', () => {
  /** Each run is in a process that crashes once an item has finished. */
  const journals = async (options: Partial<WorldOptions>): Promise<World[]> => {
    const worlds: World[] = [];
    for (let seed = 1; seed <= 10; seed++) {
      const inner = [call('ask'), node('note', 'pause', { ms: 10 }), node('last', 'fault', { every: 100 })];
      const world = await begin(each({ count: 8, concurrency: 3 }, inner, ['ask>note', 'note>last']), { seed, ...options });
      // A run that never ends is a fault, too.
      await until(world, () => world.journal.some(({ type }) => type === 'frame-finished')).catch(() => undefined);
      world.crash();
      await world.play(0, 0).catch(() => undefined);
      worlds.push(world);
    }
    return worlds;
  };
  const isFaulty = (check: () => void): boolean => {
    try {
      check();
      return false;
    } catch {
      return true;
    }
  };

  it.for(['item-runs-again', 'slot-leaks', 'order-is-lost'] as const)('is caught: %s', async (mutant) => {
    expect((await journals({})).some((world) => isFaulty(() => checkJournal(world)))).toBe(false);
    expect((await journals({ mutant })).some((world) => isFaulty(() => checkJournal(world)))).toBe(true);
  });

  it.for([
    ['steps that stay when their item has ended', (state, before) => before && state.frames.set(before.id, before)],
    ['a slot that is never free again', (state) => void state.frames.forEach((frame) => void frame.busyCount++)],
    ['an item that stays open', (state, before) => before && state.containers.get(before.containerId)?.open.set(before.item, before)],
    ['an item that is skipped', (state) => void state.containers.forEach((container) => void container.next++)],
  ] as const satisfies readonly [string, (state: RunState, before: OpenFrame | undefined) => unknown][])('is caught: a state with %s', async ([, damage]) => {
    const [world] = await journals({});
    const apply = (state: RunState, event: JournalEvent): void => {
      const before = event.type === 'frame-finished' ? state.frames.get(event.frameId) : undefined;
      applyEvent(state, event);
      if (event.type === 'frame-finished') damage(state, before);
    };
    expect(isFaulty(() => checkFrames(world?.journal ?? []))).toBe(false);
    expect(isFaulty(() => checkFrames(world?.journal ?? [], apply))).toBe(true);
  });
});
