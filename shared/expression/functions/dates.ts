import { DateTime, type DateTimeUnit } from 'luxon';
import { ExpressionFault } from '../expression-fault.ts';
import { checkFormat, checkReadable } from './date-format.ts';
import { defineFunctions, type Overloads } from './define.ts';
import { shorten } from './shorten.ts';
import { inZone, zoneOf } from './zones.ts';

const UNITS = new Set(['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond']);

/** A unit of time, in singular or plural. */
function unitOf(name: string): DateTimeUnit {
  const unit = name.replace(/s$/, '');
  if (UNITS.has(unit)) return unit as DateTimeUnit;
  throw new ExpressionFault(`“${shorten(name)}” is not a unit of time. Use ${[...UNITS].join(', ')}`);
}

/** The range of times in CEL: the years 1 to 9999. */
const [FIRST, LAST] = [-62_135_596_800_000, 253_402_300_799_999];

function dateOf(time: DateTime, called: string): Date {
  const ms = time.toMillis();
  if (ms >= FIRST && ms <= LAST) return new Date(ms);
  throw new ExpressionFault(`${called}() leads to a time outside of the years 1 to 9999`);
}

const LONGEST_DATE = 200;

function parseDate(text: string, format?: string, zone?: string): Date {
  const options = zoneOf(zone);
  if (text.length > LONGEST_DATE) throw new ExpressionFault(`parseDate() can’t read “${shorten(text)}” as a time`);
  const time = format === undefined ? DateTime.fromISO(text, options) : DateTime.fromFormat(text, checkReadable(format), options);
  if (time.isValid) return dateOf(time, 'parseDate');
  const expected = format === undefined ? 'an ISO 8601 time' : `a time in the format “${format}”`;
  throw new ExpressionFault(`parseDate() can’t read “${shorten(text)}” as ${expected}`);
}

const formatTime = (time: Date, format: string, zone?: string): string => inZone(time, zone).toFormat(checkFormat(format, 'format'));

const addTo = (time: Date, amount: number, unit: string, zone?: string): Date => dateOf(inZone(time, zone).plus({ [unitOf(unit)]: amount }), 'add');

const difference = (time: Date, other: Date, unit: string, zone?: string): number =>
  inZone(time, zone).diff(inZone(other, zone), unitOf(unit)).as(unitOf(unit));

const startOf = (time: Date, unit: string, zone?: string): Date => dateOf(inZone(time, zone).startOf(unitOf(unit)), 'startOf');
const endOf = (time: Date, unit: string, zone?: string): Date => dateOf(inZone(time, zone).endOf(unitOf(unit)), 'endOf');

const TIME = 'google.protobuf.Timestamp';

/** A method of a time with these arguments, and with a time zone after them. */
const zoned = (name: string, args: string, returns: string, handler: Overloads[string]): Overloads => ({
  [`${TIME}.${name}(${args}): ${returns}`]: handler,
  [`${TIME}.${name}(${args}, string): ${returns}`]: handler,
});

const NOON = 'timestamp("2026-01-31T12:00:00Z")';

/** Most of them take this many times as long as visiting an element, without a time zone. */
const VISITS = 20;

export const dateFunctions = defineFunctions('Dates and times', [
  {
    signature: 'timestamp(text)',
    doc: 'A time from ISO 8601 text, or from seconds since 1970.',
    example: NOON,
    result: '2026-01-31T12:00:00.000Z',
    visits: 2,
    overloads: { [`timestamp(double): ${TIME}`]: (seconds: number) => new Date(seconds * 1000) },
  },
  {
    signature: 'parseDate(text, format, zone)',
    doc: 'The time in a text, in a format like "dd.MM.yyyy HH:mm". Without a format, ISO 8601. Without a time zone, UTC.',
    example: 'parseDate("31.01.2026 13:00", "dd.MM.yyyy HH:mm", "Europe/Berlin")',
    result: '2026-01-31T12:00:00.000Z',
    visits: 50,
    overloads: {
      [`parseDate(string): ${TIME}`]: parseDate,
      [`parseDate(string, string): ${TIME}`]: parseDate,
      [`parseDate(string, string, string): ${TIME}`]: parseDate,
    },
  },
  {
    signature: 'time.format(format, zone)',
    doc: 'The time as text, in a format like "d MMMM yyyy, HH:mm". Without a time zone, in UTC.',
    example: `${NOON}.format("d MMM yyyy, HH:mm", "Asia/Tokyo")`,
    result: '31 Jan 2026, 21:00',
    visits: VISITS,
    overloads: zoned('format', 'string', 'string', formatTime),
  },
  {
    signature: 'time.add(amount, unit, zone)',
    doc: 'The time that is this many units later, or earlier if negative. A month after January 31 is the last day of February.',
    example: `${NOON}.add(1, "month")`,
    result: '2026-02-28T12:00:00.000Z',
    visits: VISITS,
    overloads: zoned('add', 'double, string', TIME, addTo),
  },
  {
    signature: 'time.diff(other, unit, zone)',
    doc: 'How much later the time is than the other one, in this unit. Negative if it is earlier.',
    example: `${NOON}.diff(timestamp("2026-01-01T00:00:00Z"), "days")`,
    result: 30.5,
    visits: VISITS,
    overloads: zoned('diff', `${TIME}, string`, 'double', difference),
  },
  {
    signature: 'time.startOf(unit, zone)',
    doc: 'The start of the year, quarter, month, week, day, hour, minute, or second. Weeks start on Monday.',
    example: `${NOON}.startOf("month")`,
    result: '2026-01-01T00:00:00.000Z',
    visits: VISITS,
    overloads: zoned('startOf', 'string', TIME, startOf),
  },
  {
    signature: 'time.endOf(unit, zone)',
    doc: 'The last millisecond of the year, quarter, month, week, day, hour, minute, or second.',
    example: `${NOON}.endOf("day")`,
    result: '2026-01-31T23:59:59.999Z',
    visits: VISITS,
    overloads: zoned('endOf', 'string', TIME, endOf),
  },
  {
    signature: 'time.epochSeconds()',
    doc: 'The seconds since 1970.',
    example: `${NOON}.epochSeconds()`,
    result: 1_769_860_800,
    overloads: { [`${TIME}.epochSeconds(): double`]: (time: Date) => time.getTime() / 1000 },
  },
  {
    signature: 'time.getHours(zone)',
    doc: 'The hour. Also getMinutes, getDayOfWeek, getDate, getMonth (from 0), getFullYear.',
    example: `${NOON}.getHours("Europe/Berlin")`,
    result: 13,
  },
]);
