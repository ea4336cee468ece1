import { Unsupported } from './tree.ts';
import { asCel, asTime, type Cel, cel, tight, type Value } from './value.ts';

/* Times of Luxon, which n8n uses. */

/** The current time: a step has no clock, so it is when the run started. */
export const NOW = cel('parseDate(run.startedAt)', 'time');

const UNIT = /^"(year|quarter|month|week|day|hour|minute|second|millisecond)s?"$/;

/** A method of a time. Undefined if it isn’t one. */
export function timeMethod(object: Cel, name: string, args: readonly Value[]): Cel | undefined {
  if (name === 'toDateTime' || name === 'toDate') return cel(asTime(object), 'time');
  if (object.type !== 'time') return undefined;
  const time = tight(object);
  if (name === 'toISO' || name === 'toISOString' || name === 'toJSON' || name === 'toString') return cel(`string(${object.text})`, 'text');
  if (name === 'toISODate') return cel(`${time}.format("yyyy-MM-dd")`, 'text');
  if (name === 'toFormat' || name === 'format') return cel(`${time}.format(${args.map((arg) => asCel(arg).text).join(', ')})`, 'text');
  if (name === 'plus' || name === 'minus') return shifted(time, name === 'minus', args);
  if (name === 'startOf' || name === 'endOf') return cel(`${time}.${name}(${unitOf(args[0])})`, 'time');
  if (name === 'toMillis' || name === 'getTime' || name === 'valueOf') return cel(`(${time}.epochSeconds() * 1000)`, 'number');
  if (name === 'toSeconds' || name === 'toUnixInteger') return cel(`${time}.epochSeconds()`, 'number');
  if (name === 'toUTC' || name === 'toUtc') return object;
  if (name === 'setZone' || name === 'setLocale') throw new Unsupported(`the method “${name}”`);
  return undefined;
}

function unitOf(value: Value | undefined): string {
  const text = value ? asCel(value).text : '';
  if (!UNIT.test(text)) throw new Unsupported('a unit of time other than a fixed one');
  return text;
}

/** `plus(3, "days")` or `plus({days: 3})`. */
function shifted(time: string, isBack: boolean, [amount, unit]: readonly Value[]): Cel {
  if (!amount) throw new Unsupported('a time without an amount');
  const given = asCel(amount);
  const sign = isBack ? '-' : '';
  if (unit) return cel(`${time}.add(${sign}${tight(given)}, ${unitOf(unit)})`, 'time');
  const parts =
    /^\{(.*)\}$/s
      .exec(given.text)?.[1]
      ?.split(', ')
      .map((part) => /^("\w+"): (-?[\w.]+)$/.exec(part)) ?? [];
  if (parts.length === 0 || parts.some((part) => !part || !UNIT.test(part[1] ?? ''))) throw new Unsupported('a duration that isn’t fixed');
  return cel(
    parts.reduce((text, part) => `${text}.add(${sign}${part?.[2]}, ${part?.[1]})`, time),
    'time',
  );
}

const PARTS: Readonly<Record<string, string>> = {
  year: 'getFullYear()',
  month: 'getMonth() + 1',
  day: 'getDate()',
  hour: 'getHours()',
  minute: 'getMinutes()',
  weekday: 'format("E")',
  weekNumber: 'format("W")',
};

/** `$now.year`. Undefined if the time has no such field. */
export function timeField(object: Cel, name: string): Cel | undefined {
  if (object.type !== 'time' || !Object.hasOwn(PARTS, name)) return undefined;
  const text = `${tight(object)}.${PARTS[name]}`;
  const isTextOfNumber = PARTS[name]?.startsWith('format');
  return cel(isTextOfNumber ? `int(${text})` : name === 'month' ? `(${text})` : text, 'number');
}
