import { describe, expect, it } from 'vitest';
import { compileCel } from '../cel.ts';
import { createScope } from '../create-scope.ts';

const evaluate = (source: string, input: unknown = {}): unknown =>
  compileCel(source).evaluate(createScope({ trigger: {}, input, steps: {}, previous: {}, round: 1, vars: {}, run: {} }));

describe('dates', () => {
  it.each([
    ['parseDate("2026-01-31")', '2026-01-31T00:00:00.000Z'],
    ['parseDate("2026-01-31T12:00:00+02:00")', '2026-01-31T10:00:00.000Z'],
    ['parseDate("2026-07-01 09:00", "yyyy-MM-dd HH:mm", "America/New_York")', '2026-07-01T13:00:00.000Z'],
    ['parseDate("3 Feb 2026 5PM", "d MMM yyyy ha")', '2026-02-03T17:00:00.000Z'],
    ['parseDate("20260131123000", "yyyyMMddHHmmss")', '2026-01-31T12:30:00.000Z'],
    ['parseDate("31.1.26", "d.M.yy")', '2026-01-31T00:00:00.000Z'],
    ['timestamp("2026-01-01T00:00:00Z").format("EEEE, \'week\' W")', 'Thursday, week 1'],
    ['timestamp("2026-01-31T23:30:00Z").format("yyyy-MM-dd\'T\'HH:mm:ssZZ", "europe/berlin")', '2026-02-01T00:30:00+01:00'],
    ['timestamp("2026-01-31T23:30:00Z").startOf("day", "Europe/Berlin")', '2026-01-31T23:00:00.000Z'],
    ['timestamp("2026-02-04T12:00:00Z").startOf("week")', '2026-02-02T00:00:00.000Z'],
    ['timestamp("2024-01-31T12:00:00Z").add(1, "months")', '2024-02-29T12:00:00.000Z'],
    ['timestamp("2026-01-31T12:00:00Z").add(-36, "hours")', '2026-01-30T00:00:00.000Z'],
    ['timestamp("2026-03-31T00:00:00Z").diff(timestamp("2026-01-31T00:00:00Z"), "months")', 2],
    ['timestamp("2026-01-01T00:00:00Z").diff(timestamp("2026-01-02T12:00:00Z"), "days")', -1.5],
    ['timestamp(1.5).epochSeconds()', 1.5],
  ])('%s', (source, value) => {
    expect(evaluate(source)).toEqual(value);
  });

  it('keep the clock time across a change to summer time, but not the hours', () => {
    const before = 'timestamp("2026-03-28T08:00:00Z")';
    expect(evaluate(`${before}.add(1, "day", "Europe/Berlin")`)).toBe('2026-03-29T07:00:00.000Z');
    expect(evaluate(`${before}.add(24, "hours", "Europe/Berlin")`)).toBe('2026-03-29T08:00:00.000Z');
    expect(evaluate('parseDate("2026-03-29 02:30", "yyyy-MM-dd HH:mm", "Europe/Berlin")')).toBe('2026-03-29T01:30:00.000Z');
    expect(evaluate('timestamp("2026-03-29T20:00:00Z").diff(timestamp("2026-03-28T23:00:00Z"), "days", "Europe/Berlin")')).toBeCloseTo(22 / 23 - 1 / 23, 5);
  });

  it('don’t depend on the time zone of the machine', () => {
    const zone = process.env.TZ;
    try {
      const texts = ['Asia/Tokyo', 'America/Los_Angeles'].map((name) => {
        process.env.TZ = name;
        return [evaluate('parseDate("2026-01-31 12:00", "yyyy-MM-dd HH:mm").startOf("day").format("yyyy-MM-dd HH:mm z")')];
      });
      expect(texts).toEqual([['2026-01-31 00:00 UTC'], ['2026-01-31 00:00 UTC']]);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it.each([
    ['parseDate("soon")', 'parseDate() can’t read “soon” as an ISO 8601 time.'],
    ['parseDate("2026-02-30")', 'parseDate() can’t read “2026-02-30” as an ISO 8601 time.'],
    ['parseDate("1/2", "yyyy-MM-dd")', 'parseDate() can’t read “1/2” as a time in the format “yyyy-MM-dd”.'],
    ['parseDate("1", "dM")', 'parseDate() needs a separator after “d”, or a fixed number of digits like “dd”.'],
    ['parseDate("1", "d d")', 'parseDate() got a format that repeats a token: “d d”.'],
    ['parseDate("1", "d1M")', 'parseDate() got a format with digits: “d1M”.'],
    ['parseDate("1", "d\'\'M")', 'parseDate() needs a separator after “d”'],
    ['timestamp(0).format(input.long)', 'format() got a format of more than 100 characters.'],
    ['timestamp(0).format("HH", "Mars/Base")', '“Mars/Base” is not a time zone. Use one like “Europe/Berlin” or “UTC”.'],
    ['timestamp(0).startOf("fortnight")', '“fortnight” is not a unit of time.'],
    ['timestamp(0).add(1e6, "years")', 'add() leads to a time outside of the years 1 to 9999.'],
    ['timestamp(1e300).add(1, "day")', 'add() leads to a time outside of the years 1 to 9999.'],
  ])('%s says what is wrong', (source, message) => {
    expect(() => evaluate(source, { long: 'y'.repeat(1_000) })).toThrow(message);
  });
});

describe('durations', () => {
  it.each([
    ['duration("1h30m")', 'PT5400S'],
    ['duration("-1.5h")', 'PT-5400S'],
    ['duration("2d1ms").total("milliseconds")', 172_800_001],
    ['duration("P1DT12H").total("days")', 1.5],
    ['duration("P2W").total("week")', 2],
    ['duration(string(duration("-90s"))).total("minutes")', -1.5],
    ['duration("300ms") + duration("700ms") == duration("1s")', true],
    ['(timestamp("2026-01-02T00:00:00Z") - timestamp("2026-01-01T00:00:00Z")).total("hours")', 24],
    ['duration("25h").format("d:hh:mm")', '1:01:00'],
  ])('%s', (source, value) => {
    expect(evaluate(source)).toEqual(value);
  });

  it.each([
    ['duration("soon")', 'duration() can’t read “soon” as a duration. Write it like “36h”, “1h30m”, or “P1DT12H”.'],
    ['duration("P1M")', 'duration() can’t read “P1M” as a duration.'],
    ['duration("P")', 'duration() can’t read “P” as a duration.'],
    ['duration("99999999999999h")', 'duration() can’t read'],
    ['duration(input.long)', 'duration() can’t read'],
    ['duration("1h").total("months")', '“months” is not a unit of fixed length. Use week, day, hour, minute, second, millisecond.'],
  ])('%s says what is wrong', (source, message) => {
    expect(() => evaluate(source, { long: '1'.repeat(1_000_000) })).toThrow(message);
  });
});
