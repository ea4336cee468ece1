import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { expect, test } from 'vitest';
import { watchRun } from './run-watch.ts';

const event = (seq: number): JournalEvent => ({ type: 'cancel-requested', at: '2026-01-01T00:00:00.000Z', seq });
const events = (from: number, to: number): JournalEvent[] => Array.from({ length: to - from + 1 }, (_, index) => event(from + index));

/** A journal that grows, whose reads wait until they are released. */
function journal() {
  const kept: JournalEvent[] = [];
  const waiting: (() => void)[] = [];
  let held = false;
  const sent: number[] = [];
  const failures: unknown[] = [];
  const read = async (from: number, limit: number): Promise<JournalEvent[]> => {
    const page = kept.filter(({ seq }) => seq >= from).slice(0, limit);
    if (held) await new Promise<void>((resolve) => waiting.push(resolve));
    return page;
  };
  return {
    sent,
    failures,
    hold: () => {
      held = true;
    },
    letGo: () => {
      held = false;
      for (const resolve of waiting.splice(0)) resolve();
    },
    commit: (more: JournalEvent[]) => kept.push(...more),
    watch: (fromSeq: number) =>
      watchRun({ runId: 'run', fromSeq, read, send: (batch) => sent.push(...batch.events.map(({ seq }) => seq)), failed: (error) => failures.push(error) }),
  };
}
const numbers = (from: number, to: number): number[] => events(from, to).map(({ seq }) => seq);

test('sends past events first, in pages, then live ones', async () => {
  const world = journal();
  world.commit(events(1, 1_200));
  const { watch, caughtUp } = world.watch(1);
  expect(await caughtUp).toBe(1_200);
  watch.offer([event(1_201), event(1_202)], 1_202);
  expect(world.sent).toEqual(numbers(1, 1_202));
});

test('sends events that occur while past ones are being read once, after them', async () => {
  const world = journal();
  world.commit(events(1, 3));
  world.hold();
  const { watch, caughtUp } = world.watch(1);
  world.commit(events(4, 6));
  watch.offer([event(4), event(5)], 5);
  watch.offer([event(6)], 6);
  expect(world.sent).toEqual([]);
  world.letGo();
  expect(await caughtUp).toBe(6);
  watch.offer([event(7)], 7);
  expect(world.sent).toEqual(numbers(1, 7));
});

test('sends an event offered twice once, and fills a gap from the journal', async () => {
  const world = journal();
  world.commit(events(1, 2));
  const { watch, caughtUp } = world.watch(2);
  await caughtUp;
  watch.offer([event(1), event(2)], 2);
  world.commit(events(3, 6));
  watch.offer([event(5), event(6)], 6);
  await expect.poll(() => world.sent).toEqual([2, 3, 4, 5, 6]);
  watch.offer([event(6), event(7)], 7);
  expect(world.sent).toEqual([2, 3, 4, 5, 6, 7]);
});

test('sends nothing after a stop, not even pending reads', async () => {
  const world = journal();
  world.commit(events(1, 3));
  world.hold();
  const { watch, caughtUp } = world.watch(1);
  watch.stop();
  world.letGo();
  await caughtUp;
  watch.offer([event(4)], 4);
  expect(world.sent).toEqual([]);
});

test('reads events that are announced without being sent, and those that were not announced', async () => {
  const world = journal();
  world.commit(events(1, 2));
  const { watch, caughtUp } = world.watch(1);
  await caughtUp;
  world.commit(events(3, 4));
  watch.offer([], 4);
  await expect.poll(() => world.sent).toEqual([1, 2, 3, 4]);
  world.commit(events(5, 6));
  watch.look();
  await expect.poll(() => world.sent).toEqual([1, 2, 3, 4, 5, 6]);
  watch.offer([event(5), event(6)], 6);
  expect(world.sent).toEqual([1, 2, 3, 4, 5, 6]);
});

test('an announcement of events that are not in the journal is given up', async () => {
  const world = journal();
  world.commit(events(1, 2));
  const { watch, caughtUp } = world.watch(1);
  await caughtUp;
  watch.offer([], 9);
  world.commit(events(3, 3));
  const look = (): number[] => {
    watch.look();
    return world.sent;
  };
  await expect.poll(look).toEqual([1, 2, 3]);
});
