import { timeMethod } from './times.ts';
import { Unsupported } from './tree.ts';
import { asCel, asText, type Cel, cel, loose, type Type, tight, type Value } from './value.ts';

/* Methods of JavaScript, and those that n8n adds, as calls of CEL. `$0` is the object, `$1` the first argument. */

interface Method {
  readonly form: string;
  readonly type: Type;
  /** How many arguments it may have. */
  readonly most: number;
  readonly isLoose?: boolean;
}

const row = (form: string, type: Type, isLoose = false): Method => ({
  form,
  type,
  most: Math.max(0, ...[...form.matchAll(/\$(\d)/g)].map(([, digit]) => Number(digit))),
  isLoose,
});

const METHODS: Readonly<Record<string, Method>> = {
  toLowerCase: row('$0.lower()', 'text'),
  toUpperCase: row('$0.upper()', 'text'),
  trim: row('$0.trim()', 'text'),
  startsWith: row('$0.startsWith($1)', 'boolean'),
  endsWith: row('$0.endsWith($1)', 'boolean'),
  replaceAll: row('$0.replace($1, $2)', 'text'),
  // Only the first one, as in JavaScript.
  replace: row('$0.split($1, 2).join($2)', 'text'),
  trimStart: row('$0.replaceMatches("^\\\\s+", "")', 'text'),
  trimEnd: row('$0.replaceMatches("\\\\s+$", "")', 'text'),
  toTitleCase: row('$0.split(" ").map(w, w.lower().capitalize()).join(" ")', 'text'),
  toBoolean: row('string($0).lower() in ["true", "yes", "1"]', 'boolean', true),
  extractEmail: row('$0.extract("[\\\\w.+-]+@[\\\\w-]+(?:\\\\.[\\\\w-]+)+").orValue("")', 'text'),
  extractUrl: row('$0.extract("https?://[^\\\\s<>]+").orValue("")', 'text'),
  extractDomain: row('$0.split("@").last().orValue("").extract("(?://|^)([\\\\w-]+(?:\\\\.[\\\\w-]+)+)").orValue("")', 'text'),
  isEmail: row('$0.matches("^[\\\\w.+-]+@[\\\\w-]+(?:\\\\.[\\\\w-]+)+$")', 'boolean'),
  isNumeric: row('$0.matches("^-?\\\\d+(?:\\\\.\\\\d+)?$")', 'boolean'),
  compact: row('$0.filter(i, !(i in [null, "", [], {}]))', 'list'),
  difference: row('$0.filter(i, !(i in $1))', 'list'),
  intersection: row('$0.filter(i, i in $1)', 'list'),
  union: row('($0 + $1).unique()', 'list'),
  split: row('$0.split($1)', 'list'),
  substring: row('$0.substring($1, $2)', 'text'),
  indexOf: row('$0.indexOf($1)', 'number'),
  lastIndexOf: row('$0.lastIndexOf($1)', 'number'),
  padStart: row('$0.padStart($1, $2)', 'text'),
  padEnd: row('$0.padEnd($1, $2)', 'text'),
  charAt: row('$0.substring($1, $1 + 1)', 'text'),
  toString: row('string($0)', 'text'),
  toNumber: row('double(string($0))', 'number'),
  toInt: row('int($0)', 'number'),
  toFloat: row('double(string($0))', 'number'),
  toFixed: row('string(round($0, $1))', 'text'),
  round: row('round($0, $1)', 'number'),
  floor: row('floor($0)', 'number'),
  ceil: row('ceil($0)', 'number'),
  abs: row('abs($0)', 'number'),
  toSentenceCase: row('$0.capitalize()', 'text'),
  removeTags: row('htmlToText($0)', 'text'),
  base64Encode: row('$0.toBase64()', 'text'),
  base64Decode: row('$0.fromBase64()', 'text'),
  urlEncode: row('$0.encodeUrl()', 'text'),
  urlDecode: row('$0.decodeUrl()', 'text'),
  hash: row('$0.hash($1)', 'text'),
  parseJson: row('parseJson($0)', 'any'),
  toJsonString: row('toJson($0)', 'text'),
  isEmpty: row('$0 in [null, "", [], {}]', 'boolean', true),
  isNotEmpty: row('!($0 in [null, "", [], {}])', 'boolean'),
  join: row('$0.join($1)', 'text'),
  reverse: row('$0.reverse()', 'list'),
  flat: row('$0.flatten()', 'list'),
  unique: row('$0.unique()', 'list'),
  removeDuplicates: row('$0.unique()', 'list'),
  first: row('$0.first().orValue(null)', 'any'),
  last: row('$0.last().orValue(null)', 'any'),
  sum: row('sum($0)', 'number'),
  average: row('average($0)', 'number'),
  min: row('min($0)', 'number'),
  max: row('max($0)', 'number'),
  chunk: row('$0.chunk($1)', 'list'),
  keys: row('$0.keys()', 'list'),
  values: row('$0.values()', 'list'),
  merge: row('$0.merge($1)', 'any'),
  pluck: row('$0.map(i, i[$1])', 'list'),
  hasField: row('$1 in $0', 'boolean', true),
};

/** A call of a method with plain values as arguments. */
export function methodCall(object: Cel, name: string, args: readonly Value[]): Cel {
  const time = timeMethod(object, name, args);
  if (time) return time;
  if (name === 'includes') return includes(object, args);
  if (name === 'concat')
    return loose([tight(object), ...args.map((one) => (object.type === 'list' ? tight(asCel(one)) : asText(one)))].join(' + '), object.type);
  if (name === 'slice' && args.length > 0) return slice(object, args);
  if (name === 'at' && args.length === 1) return at(object, args);
  if (name === 'substr' && args.length > 0) return substr(object, args);
  const method = METHODS[name];
  if (!method || !Object.hasOwn(METHODS, name)) throw new Unsupported(`the method “${name}”`);
  return fill(method, object, name === 'join' && args.length === 0 ? [cel('","', 'text')] : args);
}

function fill({ form, type, most, isLoose }: Method, object: Cel, args: readonly Value[]): Cel {
  if (args.length > most && most > 0) throw new Unsupported('a method with more arguments than here');
  const texts = [tight(object), ...args.map((arg) => tight(asCel(arg)))];
  const text = form
    .replace(/, \$(\d)/g, (whole, digit: string) => (texts[Number(digit)] === undefined ? '' : whole))
    .replace(/\$(\d)/g, (_, digit: string) => {
      const found = texts[Number(digit)];
      if (found === undefined) throw new Unsupported('a method without its argument');
      return found;
    });
  return isLoose ? loose(text, type) : cel(text, type);
}

function includes(object: Cel, args: readonly Value[]): Cel {
  const part = args[0];
  if (part === undefined || args.length > 1) throw new Unsupported('“includes” with a position');
  const found = asCel(part);
  if (object.type === 'list') return loose(`${tight(found)} in ${tight(object)}`, 'boolean');
  if (object.type === 'text') return cel(`${tight(object)}.contains(${found.text})`, 'boolean');
  const whole = tight(object);
  return cel(`(type(${object.text}) == list ? ${tight(found)} in ${whole} : string(${object.text}).contains(${asText(part)}))`, 'boolean');
}

/** A negative position counts from the end. */
const position = (object: Cel, value: Value): string => {
  const { text } = asCel(value);
  return text.startsWith('-') ? `size(${object.text}) - ${text.slice(1)}` : text;
};

function slice(object: Cel, args: readonly Value[]): Cel {
  const places = args.map((arg) => position(object, arg)).join(', ');
  const ofList = `${tight(object)}.slice(${args.length === 1 ? `${places}, size(${object.text})` : places})`;
  const ofText = `${tight(object)}.substring(${places})`;
  if (object.type === 'list') return cel(ofList, 'list');
  return object.type === 'text' ? cel(ofText, 'text') : cel(`(type(${object.text}) == list ? ${ofList} : ${ofText})`);
}

const at = (object: Cel, args: readonly Value[]): Cel => cel(`${tight(object)}[${args[0] ? position(object, args[0]) : 0}]`);

function substr(object: Cel, [from, length]: readonly Value[]): Cel {
  if (!from) throw new Unsupported('“substr” without a position');
  const start = position(object, from);
  return cel(`${tight(object)}.substring(${start}${length ? `, ${start} + ${tight(asCel(length))}` : ''})`, 'text');
}
