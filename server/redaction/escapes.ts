/*
 * Resolves the spellings of characters in a text: escapes of JSON strings, URLs, and HTML, also nested ones, compatibility
 * forms such as full-width digits (NFKC), and zero-width characters. So values next to one or containing one are found: the `n` of `\n`
 * isn't a letter before a phone number.
 */

/** Each possibly escaped again (`\\n`, `%2520`). A plus between digits is a space in form encoding. */
const SPELLINGS = [
  // `\n`, `\u0040`
  String.raw`\\{1,16}(?:u(?<unicode>[\da-fA-F]{4})|[nrtbf])`,
  // `%20`, `%C2%A0`
  String.raw`%(?:25)*(?:(?<percent>[0-7][\da-fA-F])|[cC]2%(?:25)*(?<space>[aA]0))`,
  String.raw`(?<=\d)\+(?=\d)`,
  // `&#52;`, `&#x34;`, `&nbsp;`
  String.raw`&(?:#(?:[xX]0{0,8}(?<hex>[\da-fA-F]{1,6})|0{0,8}(?<decimal>\d{1,7}));?|(?<named>[a-zA-Z]{2,14});)`,
  // Characters that NFKC changes, zero-width characters, and the digits of all scripts.
  String.raw`[[\p{CWKCF}\p{Nd}]--\p{ASCII}]`,
];
const SPELLING = new RegExp(SPELLINGS.join('|'), 'gv');
const MAY_BE_SPELLED = /[\\%+&\P{ASCII}]/u;
/** How many nested spellings are resolved. */
const LAYERS = 3;
/** Longer expansions, for example whole words, are never part of a value. */
const LONGEST_MEANING = 4;

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  commat: '@',
  period: '.',
  plus: '+',
  hyphen: '-',
  dash: '-',
  ndash: '-',
  lowbar: '_',
  lpar: '(',
  rpar: ')',
  sol: '/',
  bsol: '\\',
  percnt: '%',
  num: '#',
  colon: ':',
  quot: '"',
  lt: '<',
  gt: '>',
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  numsp: ' ',
  shy: '',
  zwj: '',
  zwnj: '',
  NoBreak: '',
  ZeroWidthSpace: '',
};

export interface ResolvedText {
  readonly text: string;
  /** Where a character of the resolved text starts in the original. */
  start(index: number): number;
  /** Where the character before this index ends in the original. */
  end(index: number): number;
  /** Whether a position of the original is within the spelling of a character, after its start. */
  isInside(position: number): boolean;
}

/** A text with its spellings resolved. Undefined if it has none. Linear in its length. */
export function resolveEscapes(text: string): ResolvedText | undefined {
  let resolved: Resolved | undefined;
  for (let layer = 0; layer < LAYERS; layer++) {
    const next = resolveOnce(resolved?.text ?? text);
    if (!next) break;
    resolved = resolved ? through(resolved, next) : next;
  }
  if (!resolved) return undefined;
  const { starts, ends, inside } = resolved;
  return {
    text: resolved.text,
    start: (index) => starts[index] ?? text.length,
    end: (index) => (index === 0 ? (starts[0] ?? 0) : (ends[index - 1] ?? text.length)),
    isInside: (position) => inside.has(position),
  };
}

interface Resolved {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly inside: ReadonlySet<number>;
}

function resolveOnce(text: string): Resolved | undefined {
  if (!MAY_BE_SPELLED.test(text)) return undefined;
  const starts: number[] = [];
  const ends: number[] = [];
  const inside = new Set<number>();
  let resolved = '';
  let at = 0;
  const copyTo = (end: number): void => {
    resolved += text.slice(at, end);
    for (; at < end; at++) {
      starts.push(at);
      ends.push(at + 1);
    }
  };
  for (const match of text.matchAll(SPELLING)) {
    const meaning = meaningOf(match);
    const end = match.index + match[0].length;
    if (meaning === match[0]) continue;
    copyTo(match.index);
    resolved += meaning;
    for (let index = 0; index < meaning.length; index++) {
      starts.push(at);
      ends.push(end);
    }
    for (at++; at < end; at++) inside.add(at);
  }
  if (at === 0) return undefined;
  copyTo(text.length);
  return { text: resolved, starts, ends, inside };
}

/** A resolved text whose resolution was resolved again, with positions in the original. */
function through(first: Resolved, second: Resolved): Resolved {
  const inside = new Set(first.inside);
  const starts = second.starts.map((start) => first.starts[start] ?? 0);
  const ends = second.ends.map((end) => first.ends[end - 1] ?? 0);
  for (const position of second.inside) inside.add(first.starts[position] ?? 0);
  return { text: second.text, starts, ends, inside };
}

function meaningOf({ 0: written, groups = {} }: RegExpMatchArray): string {
  if (written.charCodeAt(0) >= 0x80) return plainSpelling(written);
  const { named, decimal, hex } = groups;
  if (named !== undefined) return NAMED[named] ?? written;
  if (decimal !== undefined || hex !== undefined) return characterOf(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16), written);
  const code = groups.unicode ?? groups.percent ?? groups.space;
  return code === undefined ? ' ' : String.fromCharCode(Number.parseInt(code, 16));
}

const characterOf = (code: number, written: string): string => (code <= 0x10ffff ? String.fromCodePoint(code) : written);

/** At most as many as there are characters in Unicode. */
const plainSpellings = new Map<string, string>();

function plainSpelling(character: string): string {
  const known = plainSpellings.get(character);
  if (known !== undefined) return known;
  const plain = character.normalize('NFKC');
  const spelled = /^\p{DI}$/u.test(character) ? '' : /^\p{Nd}$/u.test(plain) ? digitOf(plain) : plain;
  const meaning = spelled.length > LONGEST_MEANING ? character : spelled;
  plainSpellings.set(character, meaning);
  return meaning;
}

/** The digits of each script are ten characters in a row, beginning at a multiple of 16 or 6 after one. */
function digitOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return character;
  const isDigit = (other: number): boolean => /^\p{Nd}$/u.test(String.fromCodePoint(other));
  const row = code & ~15;
  const digit = code - (isDigit(row) ? row : row + 6);
  return digit >= 0 && digit <= 9 ? String(digit) : character;
}
