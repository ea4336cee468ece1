import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchEventLoop } from './event-loop.ts';
import type { SlowWork } from './slow-work.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('measures how late the timer is, names the step that had started, and forgets it after a while', async () => {
  let elapsed = 0;
  const blocked: SlowWork[] = [];
  const loop = watchEventLoop({ elapsed: () => elapsed, blocked: (work) => void (work.ms > 0 && blocked.push(work)) });
  /** The timer fires this much later. */
  const turn = async (late = 0): Promise<void> => {
    elapsed += 250 + late;
    await vi.advanceTimersByTimeAsync(250);
  };
  await turn();
  expect(loop.lagMs()).toBe(0);
  loop.starting('run_1', 'draft#1');
  await turn(400);
  expect(blocked).toEqual([{ kind: 'event-loop', what: 'draft#1', ms: 400, runId: 'run_1' }]);
  await turn(90);
  expect(blocked.at(-1)).toEqual({ kind: 'event-loop', what: '', ms: 90, runId: null });
  expect(loop.lagMs()).toBe(400);
  for (let count = 0; count < 50; count++) await turn();
  expect(loop.lagMs()).toBe(0);
  loop.stop();
  await turn(500);
  expect(loop.lagMs()).toBe(0);
});
