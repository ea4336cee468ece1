import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';

/*
 * Regular expressions from users, on an engine whose time grows linearly with the text. With JavaScript's own engine, a pattern like (a+)+$
 * and forty letters block the whole process. No lookaround, no backreferences, and no repetition beyond 1,000.
 */

/** The maximum number of steps with repetitions written out: a thousand of `a{1000}` block the process for seconds. */
export const MOST_STEPS = 20_000;

/** Longer patterns take too long to compile, whatever they contain. */
const LONGEST_PATTERN = 10_000;

/** The number of steps with repetitions written out. A match takes this times the text's length. Linear in the pattern's length. */
export function stepsOf(source: string): number {
  const outer: number[] = [];
  let steps = 0;
  let last = 0;
  for (let at = 0; at < source.length; at++) {
    const character = source[at];
    const repeated = character === '{' ? repetition(source, at) : undefined;
    if (character === '(') {
      outer.push(steps);
      steps = 0;
    } else if (character === ')') {
      last = steps;
      steps += outer.pop() ?? 0;
    } else if (repeated) {
      steps += last * (repeated.times - 1);
      last *= repeated.times;
      at += repeated.length - 1;
    } else {
      if (character === '\\') at++;
      else if (character === '[') at = endOfClass(source, at);
      last = 1;
      steps++;
    }
  }
  return outer.reduce((sum, before) => sum + before, steps);
}

const REPETITION = /\{(\d{1,9})(?:,(\d{0,9}))?\}/y;

function repetition(source: string, at: number): { readonly times: number; readonly length: number } | undefined {
  REPETITION.lastIndex = at;
  const [text, least = '', most = ''] = REPETITION.exec(source) ?? [];
  return text === undefined ? undefined : { times: Math.max(1, Number(most || least)), length: text.length };
}

/** Where the character class that starts at `start` ends. */
function endOfClass(source: string, start: number): number {
  let at = source[start + 1] === '^' ? start + 2 : start + 1;
  if (source[at] === ']') at++;
  for (; at < source.length && source[at] !== ']'; at++) if (source[at] === '\\') at++;
  return at;
}

/** A step takes about 90 bytes once it is compiled, so this is at most 5 MB. The states of each pattern are extra (function-library.ts). */
const MOST_STEPS_CACHED = 50_000;

const patterns = new LRUCache<string, RE2JS>({ max: 100, maxSize: MOST_STEPS_CACHED });

/** Compiles a pattern, cached. Throws an error that says what is wrong with it. */
export function linearPattern(source: string): RE2JS {
  const known = patterns.get(source);
  if (known) return known;
  if (source.length > LONGEST_PATTERN) throw new Error(`it is longer than ${LONGEST_PATTERN.toLocaleString('en')} characters`);
  const steps = stepsOf(source);
  if (steps > MOST_STEPS) throw new Error('it repeats too much');
  const compiled = RE2JS.compile(RE2JS.translateRegExp(source));
  // An empty pattern has neither steps nor characters.
  patterns.set(source, compiled, { size: steps + source.length + 1 });
  return compiled;
}
