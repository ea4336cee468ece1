import { AppError } from '@switchyard/shared/errors.ts';
import { jsonMistake } from './json-mistake.ts';

/** How deep values may nest, and how many keys and items a body may have altogether. */
export interface JsonLimits {
  readonly maxDepth: number;
  readonly maxValues: number;
}
export const API_JSON_LIMITS: JsonLimits = { maxDepth: 100, maxValues: 500_000 };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of a body. Throws `bad-json` when its bytes are not UTF-8, instead of guessing what was meant. */
export function textOfBody(raw: Uint8Array): string {
  try {
    return utf8.decode(raw);
  } catch (cause) {
    throw new AppError('bad-json', 'The body is not valid UTF-8. Send it in that encoding.', { cause });
  }
}

/** An escape of half a character (`\\ud83d` without its other half) may be in the text. */
const MAYBE_HALF = /\\u[dD][89a-fA-F]/;

/** An exponent of three digits, or three hundred digits: a number that may be larger than any that can be kept. */
const MAYBE_ENDLESS = /\d[eE]\+?\d{3}|\d{300}/;

/** Half characters become U+FFFD: many readers of JSON refuse them, and with them all that stands beside. */
function keepable(_name: string, value: unknown): unknown {
  if (value === Infinity || value === -Infinity) {
    throw new AppError('bad-request', 'The body holds a number that is too large to be kept. Send it as text.');
  }
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/** Parses JSON from outside. Throws `bad-json` with line and column, `bad-request` when it nests too deep or has too many values. */
export function parseJson(text: string, limits: JsonLimits = API_JSON_LIMITS): unknown {
  let value: unknown;
  try {
    value = MAYBE_HALF.test(text) || MAYBE_ENDLESS.test(text) ? JSON.parse(text, keepable) : JSON.parse(text);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw badJson(text, error);
  }
  // Each level costs two characters at least, so short texts cannot be too deep.
  if (text.length > 2 * limits.maxDepth) checkLimits(value, limits);
  return value;
}

function badJson(text: string, cause: unknown): AppError {
  if (text.trim() === '') return new AppError('bad-json', 'The body is empty; JSON was expected.', { cause });
  const { line, column, what } = jsonMistake(text);
  return new AppError('bad-json', `The body is not valid JSON: ${what} at line ${line}, column ${column}.`, { cause, details: { line, column } });
}

/** Walks level by level instead of calling itself, so that depth cannot exhaust the stack. */
function checkLimits(value: unknown, { maxDepth, maxValues }: JsonLimits): void {
  let level: unknown[] = [value];
  let count = 1;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) throw new AppError('bad-request', `The body nests deeper than ${maxDepth} levels.`);
    const next: unknown[] = [];
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue;
      for (const child of Array.isArray(one) ? one : Object.values(one)) {
        count++;
        if (typeof child === 'object' && child !== null) next.push(child);
      }
    }
    if (count > maxValues) throw new AppError('bad-request', `The body has more than ${maxValues.toLocaleString('en')} values.`);
    level = next;
  }
}
