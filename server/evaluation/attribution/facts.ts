import { plainTokens } from './plain-tokens.ts';

/*
 * Finds the facts of a text: dates, numbers, and names. Rule 5 of S85 compares those of a correction with those of the request and the draft.
 * A fact has one or more readings, because “03/04” and “1.500” can be read in two ways; it counts as known if any reading is.
 */

export interface Fact {
  readonly text: string;
  readonly readings: readonly string[];
}

/** Texts beyond this are cut. */
const LONGEST = 200_000;
/** At most this many facts of a text are compared. */
const MOST_FACTS = 500;

const LOCALES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt'];

/** Month names of common languages, in lowercase, long and short. Made when they are first needed. */
let months: ReadonlyMap<string, number> | undefined;

function monthOf(word = ''): number {
  months ??= new Map(LOCALES.flatMap((locale) => (['long', 'short'] as const).flatMap((style) => monthNames(locale, style))));
  return months.get(word.toLowerCase()) ?? 0;
}

function monthNames(locale: string, month: 'long' | 'short'): [string, number][] {
  const format = new Intl.DateTimeFormat(locale, { month, timeZone: 'UTC' });
  return Array.from({ length: 12 }, (_, index) => [
    format
      .format(Date.UTC(2024, index, 15))
      .toLowerCase()
      .replace('.', ''),
    index + 1,
  ]);
}

const SMALL = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety hundred thousand'.split(' ');
const TEN_VALUES = [20, 30, 40, 50, 60, 70, 80, 90, 100, 1_000];
/** Number words. Not “one”, which is mostly a pronoun. */
const NUMBER_WORDS: ReadonlyMap<string, number> = new Map([
  ...SMALL.map((word, value): [string, number] => [word, value]).filter(([word]) => word !== 'one'),
  ...TENS.map((word, index): [string, number] => [word, TEN_VALUES[index] ?? 0]),
]);

/** Currency codes are units, not names. */
const UNITS = new Set(['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'CAD', 'AUD', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'INR', 'CNY', 'AM', 'PM', 'OK', 'I']);

const ISO_DATE = /\b(\d{4})-(\d{2})-(\d{2})\b/g;
const NUMERIC_DATE = /\b(\d{1,2})([./])(\d{1,2})\2(?:\d{4}|\d{2})(?!\d)/g;
const DAY_MONTH = /\b(\d{1,2})(?:st|nd|rd|th|\.|º)?\s+(?:of\s+|de\s+)?(\p{L}{3,})\.?/gu;
const MONTH_DAY = /\b(\p{L}{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b/gu;
const NUMBER = /\d+(?:[.,'’\u00a0\u202f]\d+)*/g;
const WORD = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;

/** The facts of a text, in order of kind: dates, numbers, names. */
export function factsOf(text: string, names = true): Fact[] {
  const source = text.slice(0, LONGEST).normalize('NFC');
  const { dates, rest } = takeDates(source);
  return [...dates, ...numbersIn(rest), ...(names ? namesIn(rest) : [])].slice(0, MOST_FACTS);
}

/**
 * The facts of `text` that none of the known texts has, each once. A name is known if its words occur in any case. Names are left out where
 * the language of the texts capitalizes common nouns.
 */
export function addedFacts(text: string, known: readonly string[]): Fact[] {
  const knownText = known.join('\n').slice(0, LONGEST);
  const readings = new Set(factsOf(knownText, false).flatMap((fact) => fact.readings));
  // “Ada’s” also makes “Ada” known.
  const words = new Set(plainTokens(knownText).flatMap((word) => [word, word.split("'")[0] ?? word]));
  const isKnown = ({ readings: own }: Fact): boolean =>
    own.some((reading) => readings.has(reading) || (reading.startsWith('name:') && words.has(reading.slice(5))));
  const found = factsOf(text, !capitalizesNouns(`${knownText}\n${text}`)).filter((fact) => !isKnown(fact));
  return found.filter((fact, index) => found.findIndex(({ readings: [first] }) => first === fact.readings[0]) === index);
}

interface Taken {
  readonly dates: Fact[];
  /** The text without its dates. */
  readonly rest: string;
}

function takeDates(source: string): Taken {
  const dates: Fact[] = [];
  const take = (text: string, pattern: RegExp, read: (match: RegExpMatchArray) => readonly (readonly [number, number])[]): string =>
    text.replace(pattern, (...match) => {
      const readings = read(match as unknown as RegExpMatchArray).filter(([month, day]) => month >= 1 && month <= 12 && day >= 1 && day <= 31);
      if (readings.length === 0) return match[0];
      dates.push({ text: match[0].trim().replace(/\.$/, ''), readings: readings.map(([month, day]) => `date:${month}-${day}`) });
      return ' ';
    });
  let rest = take(source, ISO_DATE, ([, , month, day]) => [[Number(month), Number(day)]]);
  rest = take(rest, NUMERIC_DATE, ([, one, , other]) => [
    [Number(other), Number(one)],
    [Number(one), Number(other)],
  ]);
  rest = take(rest, DAY_MONTH, ([, day, word]) => [[monthOf(word), Number(day)]]);
  rest = take(rest, MONTH_DAY, ([, word, day]) => [[monthOf(word), Number(day)]]);
  return { dates, rest };
}

function numbersIn(text: string): Fact[] {
  const digits = [...text.matchAll(NUMBER)].map(([found]): Fact => ({ text: found, readings: readingsOf(found) }));
  const words = [...text.matchAll(WORD)].flatMap(([found]): Fact[] => {
    const value = NUMBER_WORDS.get(found.toLowerCase());
    return value === undefined ? [] : [{ text: found, readings: [`number:${value}`] }];
  });
  return [...digits, ...words];
}

/** `1.500` is 1500 or 1.5, `1,234.50` is 1234.5, `0800` is 800. */
function readingsOf(written: string): string[] {
  const parts = written.split(/[.,'’\u00a0\u202f]/);
  const [first = '', ...groups] = parts;
  const last = groups.at(-1);
  const plain = (whole: string, decimals = ''): string => {
    const digits = whole.replace(/^0+(?=\d)/, '');
    const fraction = decimals.replace(/0+$/, '');
    return `number:${fraction === '' ? digits : `${digits}.${fraction}`}`;
  };
  if (last === undefined) return [plain(first)];
  const asDecimal = plain([first, ...groups.slice(0, -1)].join(''), last);
  return last.length === 3 ? [plain(parts.join('')), asDecimal] : [asDecimal];
}

/** A word after the start, the end of a sentence, a line break, or a bullet: capitalized whatever it is. */
const BEGINS = /(?:^|[.!?:;\n\r•*#>–—“"(\]]|\n\s*[-\d]+\.?)\s*$/;

function namesIn(text: string): Fact[] {
  return inner(text)
    .filter((word) => /^\p{Lu}/u.test(word) && !UNITS.has(word) && monthOf(word) === 0 && !NUMBER_WORDS.has(word.toLowerCase()))
    .map((word) => ({ text: word, readings: [`name:${word.replace(/['’]s$/, '').toLowerCase()}`] }));
}

/** The words that begin no sentence or line. */
const inner = (text: string): string[] =>
  [...text.matchAll(WORD)].filter(({ index }) => !BEGINS.test(text.slice(Math.max(0, index - 12), index))).map(([word]) => word);

/** From this share of capitalized words within sentences on, capitals don’t mark names. English texts have about a tenth of that, German ones more. */
const NOUN_SHARE = 0.22;
const FEWEST_WORDS = 20;

function capitalizesNouns(text: string): boolean {
  const words = inner(text);
  return words.length >= FEWEST_WORDS && words.filter((word) => /^\p{Lu}/u.test(word)).length / words.length > NOUN_SHARE;
}
