import { readJson } from '@switchyard/shared/read-json.ts';

/** The object or list that a text contains as JSON. Undefined for other text, and for text too long to read at once. */
export function jsonIn(text: string): { readonly value: unknown } | undefined {
  if (!mayBeJson(text)) return undefined;
  try {
    return { value: readJson(text) };
  } catch {
    return undefined;
  }
}

/** Longer texts are files, which are not read. */
const LONGEST = 1_400_000;

export const mayBeJson = (text: string): boolean => text.length <= LONGEST && /^\s*[{[]/.test(text);

/** The value of a field within a text, from `start` up to, not including, `end`. */
interface FieldInText {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** The quote of strings there. */
  readonly quote: string;
}

const NAME = /(\\{0,15})"((?:[^"\\]|\\[^"u]){1,200})\1"\s*:\s*/g;
const PLAIN_END = /[,}\]\s\\]|$/g;

/**
 * Fields in a text that contains JSON but isn't JSON as a whole: cut off, within other text, or one object per line. Unclosed values extend to
 * the end of the text.
 */
export function* fieldsInText(text: string, isWanted: (name: string) => boolean): Iterable<FieldInText> {
  let from = 0;
  for (const { 0: found, 1: slashes = '', 2: name = '', index } of text.matchAll(NAME)) {
    if (index < from || !isWanted(name)) continue;
    const start = index + found.length;
    const quote = `${slashes}"`;
    from = endOfValue(text, start, quote);
    yield { name, start, end: from, quote };
  }
}

/** The end of the JSON value at `start`. `quote` is the quote of strings there, with the backslashes of a string within a string. */
function endOfValue(text: string, start: number, quote: string): number {
  if (text.startsWith(quote, start)) return endOfText(text, start, quote);
  if (text[start] !== '{' && text[start] !== '[') {
    PLAIN_END.lastIndex = start;
    return PLAIN_END.exec(text)?.index ?? text.length;
  }
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (text.startsWith(quote, at)) at = endOfText(text, at, quote) - 1;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1;
  }
  return text.length;
}

/** The position after the string that starts at `start`. A quote within it has more backslashes than `quote`. */
function endOfText(text: string, start: number, quote: string): number {
  const own = quote.length - 1;
  const open = start + quote.length;
  for (let at = text.indexOf('"', open); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (at - slashes > open && text[at - 1 - slashes] === '\\') slashes++;
    if (slashes % (2 * (own + 1)) === own) return at + 1;
  }
  return text.length;
}
