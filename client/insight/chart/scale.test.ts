import { expect, it } from 'vitest';
import { areaOf, linesOf, placeMarks, roundUp, ticksOf, timeScale } from './scale.ts';

const points = Array.from({ length: 10 }, (_, day) => ({ at: new Date(Date.UTC(2026, 10, 1 + day)).toISOString(), figures: {} as never }));
const range = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-11T00:00:00.000Z', points, bucket: 'day' as const };
const scale = timeScale(range, 1_056);

it('Places moments and days on one axis, and labels as many as fit.', () => {
  expect([scale.width, scale.pitch, scale.center(0), scale.x('2026-11-06T00:00:00.000Z')]).toEqual([1_000, 100, 50, 500]);
  expect(ticksOf(range, scale)).toHaveLength(10);
  expect(ticksOf(range, timeScale(range, 256)).map(({ text }) => text)).toEqual(['1 Nov', '5 Nov', '9 Nov']);
});

it('Rounds the top of an axis up, and survives nothing.', () => {
  expect([0.0007, 3, 21, 99, 100, 9_001, 0, Number.NaN].map(roundUp)).toEqual([0.0008, 3, 25, 100, 100, 10_000, 1, 1]);
});

it('Draws a dotted line where there are too few samples, and interrupts it where there are none.', () => {
  const at = (x: number, enough = true) => ({ x, y: x, enough });
  expect(linesOf([at(1), at(2), at(3, false), null, at(5), at(6)])).toEqual({ solid: 'M1.0,1.0L2.0,2.0M5.0,5.0L6.0,6.0', dotted: 'M2.0,2.0L3.0,3.0' });
  expect(areaOf([null, at(1), at(2), null, at(4)], 9)).toBe('M1.0,9L1.0,1.0L2.0,2.0L2.0,9ZM4.0,9L4.0,4.0L4.0,9Z');
});

it('Changes at about the same time share a label with the name of the last one.', () => {
  const change = (day: string, text: string) => ({ at: `2026-11-${day}T00:00:00.000Z`, kind: 'version' as const, text });
  const placed = placeMarks([change('02', 'v6 live'), change('03', 'prompt a v2'), change('05', 'v7 at 5%'), change('10', 'v7 live')], scale);
  expect(placed.map(({ x, text, isEnd }) => [Math.round(x), text, isEnd])).toEqual([
    [100, 'prompt a v2 +1', false],
    [400, 'v7 at 5%', false],
    [900, 'v7 live', true],
  ]);
});
