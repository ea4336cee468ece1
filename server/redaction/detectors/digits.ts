import type { Span } from './span.ts';

/* Values made of digits. Every pattern here is bounded, so a text of any shape takes linear time. */

/** Spaces and punctuation that people put between groups of digits, with those that word processors insert. */
const GAP = ' \\-.\\u00a0\\u2007\\u2009\\u202f\\u2010-\\u2015';

/** Between groups of a card, also an underscore, two spaces, or a dash between spaces. */
const CARD_GAP = `(?:[${GAP}_]| {2}| [-\\u2010-\\u2015] )?`;

const DIGIT_RUN = new RegExp(`\\d(?:${CARD_GAP}\\d){12,}`, 'g');
/** With its gaps. Shorter than what a stream holds back. */
const LONGEST_CARD = 60;
const CARD_DIGITS = { least: 13, most: 19 };
/** The first digits of cards in use. Excludes times in milliseconds, which have as many digits. */
const ISSUERS = /^(?:[2-6]|8[12]|9792)/;

/** Payment cards: 13 to 19 digits, in groups or not, with a valid check digit (ISO/IEC 7812). */
export function* cards(text: string): Iterable<Span> {
  for (const { 0: run, index } of text.matchAll(DIGIT_RUN)) {
    const places = [...run.matchAll(/\d/g)].map((match) => match.index);
    for (let first = 0; first + CARD_DIGITS.least <= places.length; first++) {
      const count = startsGroup(text, index, places, first) ? cardLength(run, places, first) : 0;
      if (count === 0) continue;
      yield [index + (places[first] ?? 0), index + (places[first + count - 1] ?? 0) + 1];
      first += count - 1;
    }
  }
}

/** Digits that would be a card number, but whose check digit is wrong. */
export function* invalidCards(text: string): Iterable<Span> {
  for (const { 0: run, index } of text.matchAll(DIGIT_RUN)) {
    const digits = [...run.replace(/\D/g, '')].map(Number);
    if (digits.length <= CARD_DIGITS.most && ISSUERS.test(digits.slice(0, 4).join('')) && !hasCheckDigit(digits, digits.length))
      yield [index, index + run.length];
  }
}

/** The digit doesn't continue a group, nor the fraction of a decimal number. */
function startsGroup(text: string, index: number, places: readonly number[], nth: number): boolean {
  const before = index + (places[nth] ?? 0) - 1;
  const [last = '', beforeLast = ''] = [text[before], text[before - 1]];
  if (isDigit(last)) return false;
  return !(last === '.' && isDigit(beforeLast) && !(nth >= 4 && isGroupOfFour(places, nth)));
}

/** The group before this digit has four digits: groups of a card may be separated by periods. */
const isGroupOfFour = (places: readonly number[], nth: number): boolean => (places[nth - 1] ?? 0) - (places[nth - 4] ?? 0) === 3;

const isDigit = (character: string | undefined): boolean => character !== undefined && character >= '0' && character <= '9';

/** How many digits from `first` on are a card number: the longest that ends with its group. 0 if none are. */
function cardLength(run: string, places: readonly number[], first: number): number {
  const digits = places.slice(first, first + CARD_DIGITS.most).map((at) => run.charCodeAt(at) - 48);
  if (!ISSUERS.test(digits.slice(0, 4).join(''))) return 0;
  for (let count = digits.length; count >= CARD_DIGITS.least; count--) {
    const endsGroup = places[first + count] !== (places[first + count - 1] ?? 0) + 1;
    const length = (places[first + count - 1] ?? 0) - (places[first] ?? 0) + 1;
    if (endsGroup && length <= LONGEST_CARD && hasCheckDigit(digits, count)) return count;
  }
  return 0;
}

/** The Luhn formula. */
function hasCheckDigit(digits: readonly number[], count: number): boolean {
  let sum = 0;
  for (let place = 0; place < count; place++) {
    const digit = digits[count - 1 - place] ?? 0;
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && sum > 0;
}

/** Social Security numbers with their separators, without numbers that are never assigned. */
const SSN = /(?<![\d-])(?!000|666|9)\d{3}([- \u00a0\u2010-\u2015])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])/g;

export function* ssns(text: string): Iterable<Span> {
  for (const { 0: found, index } of text.matchAll(SSN)) yield [index, index + found.length];
}

const PHONES: readonly RegExp[] = [
  // With a country code.
  new RegExp(`(?<![A-Za-z0-9+])(?:\\+|00(?=[1-9]\\d{0,2}[${GAP}(/]))[1-9]\\d{0,2}(?:[${GAP}/]?\\(\\d{1,4}\\))?(?:[${GAP}/]{0,2}\\d){4,13}(?!\\d)`, 'g'),
  // North America.
  new RegExp(`(?<![A-Za-z0-9.-])(?:1[ .-])?(?:\\([2-9]\\d{2}\\)[${GAP}]?|[2-9]\\d{2}[${GAP}])[2-9]\\d{2}[${GAP}]\\d{4}(?![A-Za-z0-9-])`, 'g'),
  // With a leading zero, in groups.
  new RegExp(`(?<![A-Za-z0-9.,:-]|\\d[${GAP}])(?:\\(0[1-9]\\d{0,4}\\)|0[1-9]\\d{0,4})(?:[${GAP}/]{1,2}\\d{2,8}){1,5}(?![A-Za-z0-9:])`, 'g'),
];
const PHONE_DIGITS = { least: 7, most: 15, leastNational: 9 };
const DATE = /^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)/;

/** Phone numbers: with a country code, or in groups as people write them. Digits without either are no phone number. */
export function* phones(text: string): Iterable<Span> {
  for (const pattern of PHONES) {
    for (const { 0: found, index } of text.matchAll(pattern)) {
      const digits = found.replace(/\D/g, '').length;
      const least = found.startsWith('+') ? PHONE_DIGITS.least : PHONE_DIGITS.leastNational;
      if (digits >= least && digits <= PHONE_DIGITS.most && !DATE.test(found)) yield [index, index + found.length];
    }
  }
}
