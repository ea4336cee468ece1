import { Unsupported } from './tree.ts';
import { asCel, asTime, type Cel, cel, loose, tight, type Value } from './value.ts';

/* Times of Luxon, which n8n uses. */

/** The current time: a step has no clock, so it is when the run started. */
export const NOW = cel('parseDate(run.startedAt)', 'time');

const UNIT = /^"(year|quarter|month|week|day|hour|minute|second|millisecond)s?"$/;

/** A time that keeps the zone of another one. */
const inZone = (text: string, { zone }: Cel): Cel => ({ ...cel(text, 'time'), ...(zone !== undefined && { zone }) });

/** Getters of JavaScript’s Date, which have the same names here. */
const GETTERS: Readonly<Record<string, string>> = {
  getFullYear: 'getFullYear',
  getMonth: 'getMonth',
  getDate: 'getDate',
  getDay: 'getDayOfWeek',
  getHours: 'getHours',
  getMinutes: 'getMinutes',
};

/** A method of a time. Undefined if it isn’t one. */
export function timeMethod(object: Cel, name: string, args: readonly Value[]): Cel | undefined {
  if (name === 'toDateTime' || name === 'toDate') return cel(asTime(object), 'time');
  if (object.type !== 'time') return undefined;
  const time = tight(object);
  const zone = object.zone === undefined ? [] : [object.zone];
  const call = (method: string, ...given: readonly string[]): string => `${time}.${method}(${[...given, ...zone].join(', ')})`;
  const getter = GETTERS[name];
  if (getter !== undefined && Object.hasOwn(GETTERS, name)) return cel(call(getter), 'number');
  switch (name) {
    case 'toISO':
    case 'toISOString':
    case 'toJSON':
    case 'toString':
      return cel(`string(${object.text})`, 'text');
    case 'toISODate':
      return cel(call('format', '"yyyy-MM-dd"'), 'text');
    case 'toISOTime':
      return cel(call('format', '"HH:mm:ss"'), 'text');
    case 'toFormat':
    case 'format':
      return cel(call('format', ...args.slice(0, 1).map((arg) => asCel(arg).text)), 'text');
    case 'plus':
    case 'minus':
      return inZone(shifted(time, name === 'minus', args, zone), object);
    case 'startOf':
    case 'endOf':
    case 'beginningOf':
    case 'endOfMonth':
      return inZone(name === 'endOfMonth' ? call('endOf', '"month"') : call(name === 'endOf' ? 'endOf' : 'startOf', unitOf(args[0])), object);
    case 'diff':
    case 'diffTo':
      return args[0] && cel(`${time}.diff(${asTime(args[0])}, ${args[1] ? unitOf(args[1]) : name === 'diffTo' ? '"days"' : '"milliseconds"'})`, 'number');
    case 'diffToNow':
      return cel(`${time}.diff(${NOW.text}, ${args[0] ? unitOf(args[0]) : '"days"'})`, 'number');
    case 'isBetween':
      return args[1] && args[0] && loose(`${time} > ${asTime(args[0])} && ${time} < ${asTime(args[1])}`, 'boolean');
    case 'toMillis':
    case 'getTime':
    case 'valueOf':
      return cel(`(${time}.epochSeconds() * 1000)`, 'number');
    case 'toSeconds':
    case 'toUnixInteger':
      return cel(`${time}.epochSeconds()`, 'number');
    case 'toUTC':
    case 'toUtc':
    case 'toLocal':
    case 'toJSDate':
      return cel(object.text, 'time');
    case 'setZone':
      return args[0] && { ...object, zone: asCel(args[0]).text };
    case 'setLocale':
      throw new Unsupported('the method “setLocale”');
    default:
      return undefined;
  }
}

function unitOf(value: Value | undefined): string {
  const text = value ? asCel(value).text : '';
  if (!UNIT.test(text)) throw new Unsupported('a unit of time other than a fixed one');
  return text;
}

/** `plus(3, "days")` or `plus({days: 3})`. */
function shifted(time: string, isBack: boolean, [amount, unit]: readonly Value[], zone: readonly string[]): string {
  if (!amount) throw new Unsupported('a time without an amount');
  const given = asCel(amount);
  const sign = isBack ? '-' : '';
  const add = (before: string, count: string, of: string): string => `${before}.add(${[`${sign}${count}`, of, ...zone].join(', ')})`;
  if (unit) return add(time, tight(given), unitOf(unit));
  const parts =
    /^\{(.*)\}$/s
      .exec(given.text)?.[1]
      ?.split(', ')
      .map((part) => /^("\w+"): (-?[\w.]+)$/.exec(part)) ?? [];
  if (parts.length === 0 || parts.some((part) => !part || !UNIT.test(part[1] ?? ''))) throw new Unsupported('a duration that isn’t fixed');
  return parts.reduce((text, part) => add(text, part?.[2] ?? '0', part?.[1] ?? '"day"'), time);
}

/** Fields of a time. `text` ones are formats. */
const PARTS: Readonly<Record<string, readonly [method: string, type: 'number' | 'text' | 'format']>> = {
  year: ['getFullYear', 'number'],
  month: ['getMonth', 'number'],
  day: ['getDate', 'number'],
  hour: ['getHours', 'number'],
  minute: ['getMinutes', 'number'],
  weekday: ['E', 'format'],
  weekNumber: ['W', 'format'],
  quarter: ['q', 'format'],
  second: ['s', 'format'],
  weekdayLong: ['EEEE', 'text'],
  weekdayShort: ['EEE', 'text'],
  monthLong: ['MMMM', 'text'],
  monthShort: ['MMM', 'text'],
};

/** The number of units of a difference: `a.diff(b, "days").days`. */
const UNITS = /^(?:years|quarters|months|weeks|days|hours|minutes|seconds|milliseconds)$/;

/** `$now.year`. Undefined if the time has no such field. */
export function timeField(object: Cel, name: string): Cel | undefined {
  if (object.type === 'number' && UNITS.test(name) && object.text.includes('.diff(')) return object;
  const part = object.type === 'time' && Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (!part) return undefined;
  const [what, type] = part;
  const zone = object.zone === undefined ? '' : object.zone;
  if (type === 'number') {
    const text = `${tight(object)}.${what}(${zone})`;
    return cel(name === 'month' ? `(${text} + 1)` : text, 'number');
  }
  const text = `${tight(object)}.format("${what}"${zone && `, ${zone}`})`;
  return type === 'text' ? cel(text, 'text') : cel(`int(${text})`, 'number');
}
