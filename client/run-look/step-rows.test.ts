import { describe, expect, it } from 'vitest';
import { type StepLike, stepRows } from './step-rows.ts';
import { timeScale } from './time-scale.ts';

const start = Date.parse('2026-11-20T10:00:00.000Z');
const at = (ms: number) => new Date(start + ms).toISOString();
const step = (changes: Partial<StepLike>): StepLike => ({
  id: 'a#1',
  nodeKey: 'a',
  nodeType: 'prompt',
  round: 1,
  status: 'succeeded',
  startedAt: at(0),
  endedAt: at(1_000),
  attempts: [{ startedAt: at(0), endedAt: at(1_000) }],
  calls: [],
  ...changes,
});
const nameOf = (key: string) => ({ title: key.toUpperCase(), category: 'ai' as const });

describe('stepRows', () => {
  it('draws each attempt as a bar, retried ones pale', () => {
    const attempts = [
      { startedAt: at(0), endedAt: at(100) },
      { startedAt: at(600), endedAt: at(900) },
    ];
    const [row] = stepRows([step({ attempts, status: 'failed', endedAt: at(900) })], nameOf);
    expect(row?.bars).toEqual([
      { from: start, to: start + 100, pale: true },
      { from: start + 600, to: start + 900, pale: false },
    ]);
  });

  it('keeps the row of an unchanged step until its node is renamed', () => {
    const [first, second] = [step({}), step({ id: 'b#1', nodeKey: 'b', status: 'running' })];
    const before = stepRows([first, second], nameOf);
    const after = stepRows([first, { ...second, status: 'succeeded' }], nameOf);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toMatchObject({ status: 'succeeded' });
    expect(stepRows([first], (key) => ({ ...nameOf(key), title: 'Renamed' }))[0]?.label).toBe('Renamed');
  });

  it('leaves a bar open while the step runs', () => {
    const [row] = stepRows([step({ status: 'running', endedAt: null, attempts: [{ startedAt: at(0) }] })], nameOf);
    expect(row?.bars).toEqual([{ from: start, to: null, pale: false }]);
  });

  it('draws nothing for a skipped step, and names rounds after the first', () => {
    const [row] = stepRows([step({ status: 'skipped', startedAt: null, attempts: [], round: 2 })], nameOf);
    expect(row).toMatchObject({ label: 'A', round: 2, bars: [] });
  });

  it('does not show a call as failed that was canceled with its step', () => {
    const call = { id: 'c', name: 'model', kind: 'model', startedAt: at(0), endedAt: at(400) } as const;
    const calls = [
      { ...call, status: 'succeeded' },
      { ...call, status: 'failed' },
    ] as const;
    expect(stepRows([step({ status: 'cancelled', calls })], nameOf)[0]?.calls.map(({ status }) => status)).toEqual(['succeeded', 'cancelled']);
    expect(stepRows([step({ status: 'failed', calls })], nameOf)[0]?.calls.map(({ status }) => status)).toEqual(['succeeded', 'failed']);
  });
});

describe('timeScale', () => {
  const rows = (steps: StepLike[]) => stepRows(steps, nameOf);

  it('covers every bar, with ticks at round times', () => {
    const scale = timeScale(
      rows([step({}), step({ id: 'b#1', startedAt: at(4_000), endedAt: at(8_400), attempts: [{ startedAt: at(4_000), endedAt: at(8_400) }] })]),
      start,
    );
    expect(scale.from).toBe(start);
    expect(scale.to).toBeGreaterThanOrEqual(start + 8_400);
    expect(scale.ticks.map(({ label }) => label)).toEqual(['0', '2 s', '4 s', '6 s', '8 s']);
  });

  it('grows while a step runs', () => {
    const running = rows([step({ status: 'running', endedAt: null, attempts: [{ startedAt: at(0) }] })]);
    expect(timeScale(running, start + 9_000).to).toBeGreaterThan(timeScale(running, start + 3_000).to);
  });

  it('grows in steps, so the waterfall is not laid out with every tick', () => {
    const running = rows([step({ status: 'running', endedAt: null, attempts: [{ startedAt: at(0) }] })]);
    const ends = Array.from({ length: 100 }, (_, tick) => timeScale(running, start + tick * 100).to);
    expect(new Set(ends).size).toBeLessThan(20);
    expect(ends.every((end, tick) => end >= start + tick * 100)).toBe(true);
  });

  it('is not stretched by a step that waits for hours', () => {
    const waiting = rows([step({}), step({ id: 'b#1', status: 'waiting', startedAt: at(1_000), endedAt: null, attempts: [{ startedAt: at(1_000) }] })]);
    expect(timeScale(waiting, start + 3 * 3_600_000).to).toBeLessThan(start + 2_000);
  });

  it('stays at its minimum without steps', () => expect(timeScale([], start)).toMatchObject({ from: start, ticks: [] }));
});
