import { GAP, LONGEST_VALUE, WIDE_SEPARATOR } from './separators.ts';
import type { Span } from './span.ts';

/*
 * Payment cards: 12 to 19 digits with a valid check digit (ISO/IEC 7812). Between groups of any length: spaces, dashes, periods, or
 * underscores. Up to three other separators only between groups as on cards, so columns and lists of numbers stay.
 */

const DIGIT_RUN = new RegExp(`\\d(?:${WIDE_SEPARATOR}{0,3}\\d){11,}`, 'g');
/** How people write a card: one character, two spaces, or a dash between spaces. */
const USUAL_GAP = new RegExp(`^(?:[${GAP}_]| {2}| [-\\u2010-\\u2015\\u2212] )$`);
const CARD_DIGITS = { least: 12, most: 19 };

/** The first digits of cards in use. Excludes times in milliseconds, which have as many digits. */
const ISSUERS = /^(?:[2-6]|8[12]|9792)/;
const FIRST_DIGIT = /[2-689]/;
/** The same for one length. Excludes years. */
const LONG_ISSUERS = /^(?:[4-6]|2[2-7]|3[05689]|8[12]|9792)/;
const SHORT_ISSUERS: Readonly<Record<number, RegExp>> = { 12: /^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, 13: /^4/, 14: /^3[0689]/, 15: /^3[47]/ };

/** The lengths of groups on cards: fours, 4-6-5, 4-6-4, or 4-3-3-3. Or each digit or pair for itself. */
const CARD_GROUPS = /^(?:(?:[48]-)+(?:[1-4]|8)|4-6-[45]|4-3-3-3|(?:1-)+1|(?:2-)+2)$/;
/** More groups of four than this beside a card are a list: a card has neighbors such as its expiry year. */
const MOST_NEIGHBORS = 2;
/** Within brackets, after other numbers. */
const IN_LIST = /\[[\d\s,.+'"-]*$/;
const LIST_CONTEXT = 48;

interface Group {
  readonly start: number;
  readonly end: number;
  /** What separates it from the one before. */
  readonly gap: string;
  readonly hasUsualGap: boolean;
}

/** Some neighboring groups of a run: from `first` up to, not including, `end`. */
interface Part {
  readonly text: string;
  readonly groups: readonly Group[];
  readonly first: number;
  readonly end: number;
}

export function* cards(text: string): Iterable<Span> {
  for (const run of digitRuns(text)) {
    for (let first = 0; first < run.end; first++) {
      const card = longestCard(run, first);
      if (!card) continue;
      yield spanOf(card);
      first = card.end - 1;
    }
  }
}

/** Digits that would be a card number, but whose check digit is wrong. */
export function* invalidCards(text: string): Iterable<Span> {
  for (const run of digitRuns(text)) {
    for (const part of [run, ...usualParts(run)]) {
      const digits = digitsOf(part);
      if (digits.length <= CARD_DIGITS.most && isShapedLikeCard(part, digits) && !hasCheckDigit(digits)) yield spanOf(part);
    }
  }
}

function* digitRuns(text: string): Iterable<Part> {
  for (const { 0: run, index } of text.matchAll(DIGIT_RUN)) {
    const groups: Group[] = [];
    for (const { 0: digits, index: at } of run.matchAll(/\d+/g)) {
      const start = index + at;
      const gap = text.slice(groups.at(-1)?.end ?? start, start);
      groups.push({ start, end: start + digits.length, gap, hasUsualGap: USUAL_GAP.test(gap) });
    }
    yield { text, groups, first: 0, end: groups.length };
  }
}

/** Splits a run where the separator isn't a usual one. */
function usualParts(run: Part): Part[] {
  const cuts = run.groups.flatMap(({ hasUsualGap }, index) => (index > 0 && !hasUsualGap ? [index] : []));
  return [0, ...cuts].map((first, nth) => ({ ...run, first, end: cuts[nth] ?? run.end }));
}

const groupsOf = ({ groups, first, end }: Part): readonly Group[] => groups.slice(first, end);

const spanOf = ({ groups, first, end }: Part): Span => [groups[first]?.start ?? 0, groups[end - 1]?.end ?? 0];

const digitsOf = (part: Part): string =>
  groupsOf(part)
    .map(({ start, end }) => part.text.slice(start, end))
    .join('');

const sizeOf = (group: Group | undefined): number => (group ? group.end - group.start : 0);

function longestCard(run: Part, first: number): Part | undefined {
  if (first > 0 && isFraction(run, first)) return undefined;
  const start = run.groups[first]?.start ?? 0;
  if (!FIRST_DIGIT.test(run.text.charAt(start))) return undefined;
  let digits = '';
  let found: Part | undefined;
  for (let end = first + 1; end <= run.end; end++) {
    const last = run.groups[end - 1];
    if (!last || digits.length + sizeOf(last) > CARD_DIGITS.most || last.end - start > LONGEST_VALUE) break;
    digits += run.text.slice(last.start, last.end);
    if (digits.length < CARD_DIGITS.least || !hasCheckDigit(digits)) continue;
    const part = { ...run, first, end };
    if (isShapedLikeCard(part, digits)) found = part;
  }
  return found;
}

/** The digits after the period of a decimal number, which has only one. Groups of a card may be separated by periods, too. */
const isFraction = ({ groups }: Part, index: number): boolean => groups[index]?.gap === '.' && sizeOf(groups[index - 1]) < 4 && groups[index + 1]?.gap !== '.';

/** Everything but the check digit. */
function isShapedLikeCard(part: Part, digits: string): boolean {
  if (digits.length < CARD_DIGITS.least) return false;
  const groups = groupsOf(part);
  const issuers = SHORT_ISSUERS[digits.length] ?? LONG_ISSUERS;
  if (groups.every(({ hasUsualGap }, nth) => nth === 0 || hasUsualGap)) return (digits.length === CARD_DIGITS.least ? issuers : ISSUERS).test(digits);
  return issuers.test(digits) && CARD_GROUPS.test(groups.map(sizeOf).join('-')) && !isInList(part);
}

/** Whether numbers are part of a longer list with the same separator, or of a list in brackets. Also pairs with different ones, such as times. */
function isInList({ text, groups, first, end }: Part): boolean {
  const gap = groups[first + 1]?.gap ?? '';
  const isJoined = (index: number): boolean => groups[index]?.gap === gap;
  const size = sizeOf(groups[first]);
  for (let index = first + 1; index < end; index++) if (!isJoined(index)) return size <= 2;
  const start = groups[first]?.start ?? 0;
  if (gap.includes(',') && IN_LIST.test(text.slice(Math.max(0, start - LIST_CONTEXT), start))) return true;
  const isLike = (index: number): boolean => sizeOf(groups[index]) === size;
  let neighbors = 0;
  for (let index = first - 1; neighbors <= MOST_NEIGHBORS && isLike(index) && isJoined(index + 1); index--) neighbors++;
  for (let index = end; neighbors <= MOST_NEIGHBORS && isLike(index) && isJoined(index); index++) neighbors++;
  return neighbors > (size === 4 ? MOST_NEIGHBORS : 0);
}

/** The Luhn formula. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && sum > 0;
}
