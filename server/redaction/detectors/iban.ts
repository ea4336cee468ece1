import { LONGEST_VALUE, WIDE_SEPARATOR } from './separators.ts';
import type { Span } from './span.ts';

/** The length of an IBAN by country (ISO 13616). */
const LENGTHS = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 ' +
    'GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 ' +
    'MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 ' +
    'TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

const BEGINNING = new RegExp(`(?<![A-Za-z0-9])[A-Za-z]{2}\\d{2}(?=${WIDE_SEPARATOR}{0,3}[A-Za-z0-9])`, 'g');
const ONE_SEPARATOR = new RegExp(WIDE_SEPARATOR);
const MOST_SEPARATORS = 3;
const LETTER_OR_DIGIT = /[A-Za-z0-9]/;

/** International bank account numbers, in groups or not, of the length of their country and with valid check digits. */
export function* ibans(text: string): Iterable<Span> {
  for (const [start, end] of shapedLikeIbans(text)) if (hasCheckDigits(text.slice(start, end))) yield [start, end];
}

/** What would be an IBAN, but has wrong check digits. */
export function* invalidIbans(text: string): Iterable<Span> {
  for (const [start, end] of shapedLikeIbans(text)) if (!hasCheckDigits(text.slice(start, end))) yield [start, end];
}

function* shapedLikeIbans(text: string): Iterable<Span> {
  for (const { 0: beginning, index } of text.matchAll(BEGINNING)) {
    const length = LENGTHS.get(beginning.slice(0, 2).toUpperCase());
    const end = length === undefined ? undefined : endOf(text, index, length);
    if (end !== undefined) yield [index, end];
  }
}

/** The end of `length` letters and digits with at most three separators between two of them. Undefined if the word is longer or shorter. */
function endOf(text: string, start: number, length: number): number | undefined {
  let at = start;
  for (let count = 0; count < length; count++, at++) {
    for (let gap = 0; count > 0 && gap < MOST_SEPARATORS && ONE_SEPARATOR.test(text.charAt(at)); gap++) at++;
    if (!LETTER_OR_DIGIT.test(text.charAt(at)) || at - start >= LONGEST_VALUE) return undefined;
  }
  return LETTER_OR_DIGIT.test(text.charAt(at)) ? undefined : at;
}

/** ISO 7064 MOD 97-10: letters count as two digits, and the first four characters move to the end. */
function hasCheckDigits(written: string): boolean {
  const compact = written.replace(/[^A-Za-z0-9]/g, '').toUpperCase();
  let rest = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
