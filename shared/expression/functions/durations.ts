import { Duration } from '@marcbachmann/cel-js/evaluator';
import { Duration as LuxonDuration } from 'luxon';
import { ExpressionFault } from '../expression-fault.ts';
import { checkFormat } from './date-format.ts';
import { defineFunctions } from './define.ts';
import { shorten } from './shorten.ts';

const MS_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['d', 86_400_000],
  ['hour', 3_600_000],
  ['h', 3_600_000],
  ['minute', 60_000],
  ['m', 60_000],
  ['second', 1_000],
  ['s', 1_000],
  ['millisecond', 1],
  ['ms', 1],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['ns', 1e-6],
]);

/** Longer texts are no durations. Keeps the patterns below from taking long. */
const LONGEST = 100;
const GO = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:d|h|ms|m|s|us|µs|ns))+)$/;
const GO_PART = /([\d.]+)([a-zµ]+)/g;
/** ISO 8601, with only units of fixed length. A day has 24 hours. */
const ISO = /^([+-]?)P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const ISO_UNITS = ['week', 'day', 'hour', 'minute', 'second'];
/** 10,000 years. */
const MOST_MS = 315_569_520_000_000;

const unitMs = (unit: string): number => MS_PER_UNIT.get(unit) ?? Number.NaN;

function readDuration(text: string): number {
  if (text.length > LONGEST) return Number.NaN;
  const [whole, sign, parts = ''] = GO.exec(text) ?? [];
  if (whole !== undefined) {
    const ms = [...parts.matchAll(GO_PART)].reduce((sum, [, amount, unit = '']) => sum + Number(amount) * unitMs(unit), 0);
    return sign === '-' ? -ms : ms;
  }
  const [iso, isoSign, ...amounts] = ISO.exec(text) ?? [];
  if (iso === undefined || amounts.every((amount) => amount === undefined)) return Number.NaN;
  // A result of an expression writes a negative duration as PT-5S.
  const ms = ISO_UNITS.reduce((sum, unit, at) => sum + Number(amounts[at] ?? 0) * unitMs(unit), 0);
  return isoSign === '-' ? -ms : ms;
}

function parseDuration(text: string): Duration {
  const ms = readDuration(text.startsWith('PT-') ? `-PT${text.slice(3)}` : text);
  if (Math.abs(ms) <= MOST_MS) return Duration.fromMilliseconds(ms);
  throw new ExpressionFault(`duration() can’t read “${shorten(text)}” as a duration. Write it like “36h”, “1h30m”, or “P1DT12H”`);
}

function total(duration: Duration, unit: string): number {
  const name = unit.replace(/s$/, '');
  const ms = MS_PER_UNIT.get(name);
  if (ms === undefined || name.length < 3) throw new ExpressionFault(`“${shorten(unit)}” is not a unit of fixed length. Use ${FIXED_UNITS.join(', ')}`);
  return duration.valueOf() / ms;
}
const FIXED_UNITS = [...MS_PER_UNIT.keys()].filter((name) => name.length >= 3);

const formatDuration = (duration: Duration, format: string): string =>
  LuxonDuration.fromMillis(duration.valueOf(), { locale: 'en-US' }).toFormat(checkFormat(format, 'format'));

const DURATION = 'google.protobuf.Duration';

export const durationFunctions = defineFunctions('Dates and times', [
  {
    signature: 'duration(text)',
    doc: 'A duration in d, h, m, s, or ms, or in ISO 8601. Add it to a time with +, and get one between two times with -.',
    example: 'timestamp("2026-01-31T12:00:00Z") + duration("1d12h")',
    result: '2026-02-02T00:00:00.000Z',
    visits: 3,
    overloads: { [`duration_(string): ${DURATION}`]: parseDuration },
  },
  {
    signature: 'duration.total(unit)',
    doc: 'The duration as a number of weeks, days, hours, minutes, seconds, or milliseconds.',
    example: 'duration("1h30m").total("hours")',
    result: 1.5,
    overloads: { [`${DURATION}.total(string): double`]: total },
  },
  {
    signature: 'duration.format(format)',
    doc: 'The duration as text, in a format of d, h, m, s, and S like "h:mm:ss".',
    example: 'duration("90m").format("h:mm:ss")',
    result: '1:30:00',
    visits: 40,
    overloads: { [`${DURATION}.format(string): string`]: formatDuration },
  },
]);
