import { Unsupported } from './tree.ts';

/* Reads the characters and tokens of JavaScript for the parser. */

const NAME = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /(?:0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const SPACE = /(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0', '\n': '' };

export interface Reader {
  readonly text: string;
  at: number;
}

function match({ text, at }: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

export function skipSpace(reader: Reader): void {
  reader.at += match(reader, SPACE)?.length ?? 0;
}

/** Reads the sign if it comes next. A shorter sign never matches the start of one of `longer`. */
export function takeSign(reader: Reader, sign: string, longer: readonly string[] = []): boolean {
  skipSpace(reader);
  if (!reader.text.startsWith(sign, reader.at) || longer.some((other) => reader.text.startsWith(other, reader.at))) return false;
  reader.at += sign.length;
  return true;
}

export function expectSign(reader: Reader, sign: string): void {
  if (!takeSign(reader, sign)) throw unexpected(reader);
}

export const unexpected = ({ text, at }: Reader): Unsupported =>
  new Unsupported(at >= text.length ? 'an incomplete expression' : `“${text.slice(at, at + 20).trim()}”`);

export function takeName(reader: Reader): string | undefined {
  skipSpace(reader);
  const name = match(reader, NAME);
  reader.at += name?.length ?? 0;
  return name;
}

export function takeNumber(reader: Reader): number | undefined {
  const text = match(reader, NUMBER);
  if (text === undefined) return undefined;
  reader.at += text.length;
  return Number(text);
}

/** The character after a backslash at the current position. */
export function takeEscape(reader: Reader): string {
  const { text } = reader;
  const character = text.charAt(reader.at++);
  if (character !== 'u' && character !== 'x') return ESCAPES[character] ?? character;
  const code = /^(?:\{([\da-f]{1,6})\}|([\da-f]{4}))/i.exec(text.slice(reader.at)) ?? undefined;
  const short = character === 'x' ? /^[\da-f]{2}/i.exec(text.slice(reader.at))?.[0] : undefined;
  const found = short ?? (character === 'u' ? code?.[0] : undefined);
  if (found === undefined) throw unexpected(reader);
  reader.at += found.length;
  const point = Number.parseInt(found.replace(/[{}]/g, ''), 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
}

/** A text in single or double quotes, if one starts here. */
export function takeText(reader: Reader): string | undefined {
  const quote = reader.text.charAt(reader.at);
  if (quote !== '"' && quote !== "'") return undefined;
  let value = '';
  reader.at++;
  for (;;) {
    const character = reader.text.charAt(reader.at);
    if (character === '' || character === '\n') throw unexpected(reader);
    reader.at++;
    if (character === quote) return value;
    value += character === '\\' ? takeEscape(reader) : character;
  }
}

/** A regular expression, if one starts here. */
export function takeRegex(reader: Reader): { source: string; flags: string } | undefined {
  const found = match(reader, /\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([a-z]*)/y);
  if (found === undefined) return undefined;
  reader.at += found.length;
  const end = found.lastIndexOf('/');
  return { source: found.slice(1, end), flags: found.slice(end + 1) };
}
