/*
 * The reader for JSON from outside: requests, responses, model output, uploads. Owns the differences from JSON.parse, and the
 * limits. Invariants: 1. Linear in the length of the text. 2. No digit of an integer is lost (S79). 3. What it returns can be walked
 * recursively, serialized, and stored. 4. No key is special: `__proto__` becomes an own property, as in JSON.parse.
 */
import { DEEPEST_JSON, isBeyondDouble } from './json.ts';

/** How deep values may nest, and how many keys and items they may have in total. */
export interface JsonLimits {
  readonly maxDepth: number;
  readonly maxValues: number;
}

/** The default limits. */
export const JSON_LIMITS: JsonLimits = { maxDepth: DEEPEST_JSON, maxValues: 500_000 };

/** JSON that is well formed but over a limit. The message is a clause that follows a subject: “is nested more than 100 levels deep”. */
export class JsonLimitError extends Error {}

/** Parses JSON from outside. Throws SyntaxError, or JsonLimitError. Integers beyond 2^53 become text with the same digits (S79). */
export function readJson(text: string, limits: JsonLimits = JSON_LIMITS): unknown {
  if (text.length > LONG) checkDepth(text, limits.maxDepth);
  const plain = !UNUSUAL.test(text);
  const value = plain ? JSON.parse(text) : parseUnusual(text);
  // Each level takes at least two characters, so a short text can't be too deep.
  if (plain && text.length <= 2 * limits.maxDepth) return value;
  const root = { value };
  walk(root, limits, !plain);
  return root.value;
}

/** Longer texts are checked for depth before parsing: parsing a megabyte of brackets takes too long. */
const LONG = 10_000;

function checkDepth(text: string, maxDepth: number): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at) - 1;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > maxDepth + 1) throw tooDeep(maxDepth);
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
}

const tooDeep = (maxDepth: number): JsonLimitError => new JsonLimitError(`is nested more than ${maxDepth} levels deep`);

/** May contain an integer beyond 2^53, an escaped half of a surrogate pair, or a number beyond the largest double. */
const UNUSUAL = /\d{16}|\\u[dD][89a-fA-F]|\d[eE]\+?\d{3}/;

function parseUnusual(text: string): unknown {
  try {
    return JSON.parse(quoteBigIntegers(text));
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    // Positions in the message must refer to the original text.
    return JSON.parse(text);
  }
}

/** Puts quotes around integers beyond 2^53. Skips from quote to quote, so the cost is linear and texts are never changed. */
function quoteBigIntegers(text: string): string {
  let result = '';
  let copied = 0;
  let from = 0;
  for (let open = text.indexOf('"'); open !== -1; open = text.indexOf('"', from)) {
    const close = endOfString(text, open);
    if (open - from >= 16) {
      result += text.slice(copied, from) + quoteIn(text.slice(from, open));
      copied = open;
    }
    from = close;
  }
  return result + text.slice(copied, from) + quoteIn(text.slice(from));
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The position after the string that starts at `open`. */
function endOfString(text: string, open: number): number {
  let from = open + 1;
  for (let quote = text.indexOf('"', from); quote !== -1; quote = text.indexOf('"', from)) {
    let slashes = 0;
    while (quote - 1 - slashes >= from && text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++;
    from = quote + 1;
    if (slashes % 2 === 0) return from;
  }
  return text.length;
}

/** A standalone integer: not part of a decimal, a word, or an exponent, and not a key. */
const INTEGER = /(?<![\w.+-])-?[1-9]\d{15,}(?![\w.]|\s*:)/g;

const quoteIn = (gap: string): string => gap.replace(INTEGER, (digits) => (isBeyondDouble(digits) ? `"${digits}"` : digits));

type Container = Record<string | number, unknown>;

/** Checks the limits and repairs strings. Walks level by level, so depth can't exhaust the stack. */
function walk(root: { value: unknown }, { maxDepth, maxValues }: JsonLimits, mayNeedRepair: boolean): void {
  let level: Container[] = [root];
  let left = maxValues;
  for (let depth = 0; level.length > 0; depth++) {
    const next: Container[] = [];
    const visit = (container: Container, name: string | number): void => {
      const value = container[name];
      if (typeof value === 'object' && value !== null) next.push(value as Container);
      else if (mayNeedRepair) repair(container, name, value);
      if (--left < 0) throw new JsonLimitError(`has more than ${maxValues.toLocaleString('en')} values`);
    };
    for (const one of level) {
      if (Array.isArray(one)) for (let index = 0; index < one.length; index++) visit(one, index);
      // Object.values is three times as slow for an object with many keys.
      else for (const name of Object.keys(one)) visit(one, name);
    }
    if (next.length > 0 && depth > maxDepth) throw tooDeep(maxDepth);
    level = next;
  }
}

/** Half a surrogate pair becomes U+FFFD, since many JSON readers reject it. */
function repair(container: Container, name: string | number, value: unknown): void {
  if (value === Infinity || value === -Infinity) throw new JsonLimitError('has a number that is too large to store. Send it as text');
  if (typeof value === 'string' && !value.isWellFormed()) container[name] = value.toWellFormed();
}
