import { GAP, LONGEST_VALUE, SEPARATOR } from './separators.ts';
import type { Span } from './span.ts';

/* Values made of digits without a check digit. Every pattern here is bounded, so a text of any shape takes linear time. */

/** Social Security numbers with their separators, without numbers that are never assigned. Columns and lists of numbers look the same, so they stay. */
const SSN = /(?<!\d[-./_:]?|-)(?!000|666|9)\d{3}( ?[-\u2010-\u2015./_:] ?|[ \u00a0]{1,2})(?!00)\d{2}\1(?!0000)\d{4}(?!\d|-|[./_:]\d)/g;

export function* ssns(text: string): Iterable<Span> {
  for (const { 0: found, index } of text.matchAll(SSN)) yield [index, index + found.length];
}

/** Between groups of a phone number, as people write them. */
const PHONE_GAP = `(?:[${GAP}/_]| {2}| [${GAP}/] )`;
const PHONES: readonly RegExp[] = [
  // With a country code.
  new RegExp(`(?<![A-Za-z0-9+])(?:\\+|00(?=[1-9]\\d{0,2}[${GAP}(/]))[1-9]\\d{0,2}(?:[${GAP}/]?\\(\\d{1,4}\\))?(?:[${GAP}/]{0,3}\\d){4,13}(?!\\d)`, 'g'),
  // North America.
  new RegExp(`(?<![A-Za-z0-9.-])(?:1[ ./-])?(?:\\([2-9]\\d{2}\\)${SEPARATOR}{0,3}|[2-9]\\d{2}${PHONE_GAP})[2-9]\\d{2}${PHONE_GAP}\\d{4}(?![A-Za-z0-9-])`, 'g'),
  // With a leading zero, in groups.
  new RegExp(
    `(?<![A-Za-z0-9.,:-]|\\d[${GAP}])(?:\\(0[1-9]\\d{0,4}\\)${SEPARATOR}{0,3}|0[1-9]\\d{0,4}[${GAP}/]{1,3})\\d{2,8}(?:[${GAP}/]{1,3}\\d{2,8}){0,4}(?![A-Za-z0-9:])`,
    'g',
  ),
];
const PHONE_DIGITS = { least: 7, most: 15, leastNational: 9, leastScattered: 9 };
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
  yield* scatteredPhones(text);
}

/** With a country code, and separators of any kind: across lines, in columns. */
const SCATTERED = new RegExp(`(?<![A-Za-z0-9+])\\+[1-9]\\d{0,11}(?:${SEPARATOR}{1,3}\\(?\\d{1,12}\\)?){1,6}(?!\\d)`, 'g');
const USUAL_GAP = new RegExp(`^${PHONE_GAP}$`);

function* scatteredPhones(text: string): Iterable<Span> {
  for (const { 0: found, index } of text.matchAll(SCATTERED)) {
    const length = scatteredLength(found);
    if (length > 0) yield [index, index + length];
  }
}

/** How much of a text is one number: what follows on another line or in another column of a complete number isn't part of it. 0 if it is none. */
function scatteredLength(found: string): number {
  const groups = [...found.matchAll(/\d+/g)];
  const gaps = groups.slice(1).map(({ index }, nth) => found.slice((groups[nth]?.index ?? 0) + (groups[nth]?.[0].length ?? 0), index));
  const isUniform = gaps.every((gap) => gap === gaps[0]);
  let [digits, length] = [0, 0];
  for (const [nth, { 0: group, index }] of groups.entries()) {
    const isSeparate = nth > 0 && !isUniform && !USUAL_GAP.test(gaps[nth - 1] ?? '');
    if ((isSeparate && digits >= PHONE_DIGITS.leastScattered) || digits + group.length > PHONE_DIGITS.most || index + group.length > LONGEST_VALUE) break;
    digits += group.length;
    length = index + group.length;
  }
  return digits >= PHONE_DIGITS.leastScattered ? length : 0;
}
