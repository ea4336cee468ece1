import { expect, it } from 'vitest';
import { isoTime } from './iso-time.ts';

it('writes each time as Date does, however they follow each other', () => {
  for (const ms of [0, 0, 1_767_225_600_000, 1_767_225_600_001, 0, -1]) expect(isoTime(ms)).toBe(new Date(ms).toISOString());
});

it('throws for an invalid time, and again the next time', () => {
  isoTime(0);
  for (let time = 0; time < 2; time++) expect(() => isoTime(Number.NaN)).toThrow(RangeError);
});
