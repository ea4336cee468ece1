import { describe, expect, test } from 'vitest';
import { createRouteFigures } from './route-figures.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-03-01T12:00:00.000Z');
const route = { workspaceId: 'w', route: 'careful' };
const target = { ...route, connectionId: 'c', model: 'm', copy: 0 };
const fallback = { runId: 'run_1', workflowId: 'wf', nodeKey: 'ask', reason: 'circuit-open', connectionId: 'd', model: 'n', latencyMs: 900 };

function figures() {
  const clock = { now: START };
  return { clock, ...createRouteFigures(() => clock.now) };
}

describe('the figures of a target', () => {
  test('are calls, failures, spending, and percentiles of the last hour, by minute', () => {
    const { clock, noteAttempt, ofTarget } = figures();
    for (let ms = 1; ms <= 100; ms++) noteAttempt(target, { latencyMs: ms * 20, failed: false, costMicros: 10 });
    clock.now += MINUTE;
    noteAttempt(target, { latencyMs: 60_000, failed: true, costMicros: null });
    const seen = ofTarget(target);
    expect(seen).toMatchObject({ calls: 101, failed: 1, costMicros: 1_000, unknownPrice: 1 });
    expect(Math.abs((seen.p50Ms ?? 0) - 1_000)).toBeLessThan(60);
    expect(Math.abs((seen.p95Ms ?? 0) - 1_900)).toBeLessThan(110);
    expect(seen.minutes).toHaveLength(60);
    expect(seen.minutes.slice(-2)).toEqual([
      { calls: 100, failed: 0 },
      { calls: 1, failed: 1 },
    ]);
    clock.now += 61 * MINUTE;
    expect(ofTarget(target)).toMatchObject({ calls: 0, p50Ms: null, p95Ms: null });
  });
});

describe('the fallback of a route', () => {
  test('lasts from the first call that a later target answers until the first target answers again', () => {
    const { clock, noteCall, fallbackOf, ofRoute, warnings } = figures();
    const warnAfterMs = 15 * MINUTE;
    noteCall(route, { answered: true, warnAfterMs });
    clock.now += MINUTE;
    noteCall(route, { answered: true, fallback, warnAfterMs });
    expect(fallbackOf(route)).toEqual({ firstAnsweredAt: '2026-03-01T12:00:00.000Z', fallingBackSince: '2026-03-01T12:01:00.000Z', warning: false });
    clock.now += warnAfterMs + 1;
    noteCall(route, { answered: true, fallback, warnAfterMs });
    noteCall(route, { answered: false, warnAfterMs });
    expect(fallbackOf(route)).toMatchObject({ fallingBackSince: '2026-03-01T12:01:00.000Z', warning: true });
    expect(warnings()).toBe(1);
    expect(ofRoute(route)).toMatchObject({ since: '2026-03-01T12:00:00.000Z', recent: [{ ...fallback, at: '2026-03-01T12:16:00.001Z' }, fallback] });
    noteCall(route, { answered: true, warnAfterMs });
    expect(fallbackOf(route)).toMatchObject({ fallingBackSince: null, warning: false });
    expect(ofRoute(route).minutes.at(-1)).toEqual({ first: 1, later: 1, failed: 1 });
  });

  test('gives no warning on a route without a limit', () => {
    const { clock, noteCall, fallbackOf } = figures();
    noteCall(route, { answered: true, fallback, warnAfterMs: null });
    clock.now += 600 * MINUTE;
    expect(fallbackOf(route).warning).toBe(false);
  });
});

test('keeps a bounded number of targets', () => {
  const { noteAttempt, ofTarget } = figures();
  for (let number = 0; number < 600; number++) noteAttempt({ ...target, model: `m${number}` }, { latencyMs: 1, failed: false, costMicros: 0 });
  expect(ofTarget({ ...target, model: 'm0' }).calls).toBe(0);
  expect(ofTarget({ ...target, model: 'm599' }).calls).toBe(1);
});
