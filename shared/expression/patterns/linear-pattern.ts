import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';
import { stepsOf } from './pattern-steps.ts';

/*
 * Regular expressions from users, on an engine whose time grows linearly with the text. With JavaScript's own engine, a pattern like (a+)+$
 * and forty letters block the whole process. No lookaround, no backreferences, and no repetition beyond 1,000.
 */

/** The maximum number of steps with repetitions written out: a thousand of `a{1000}` block the process for seconds. */
export const MOST_STEPS = 20_000;

/** Longer patterns take too long to compile, whatever they contain. */
const LONGEST_PATTERN = 10_000;

/** A step takes about 90 bytes once it is compiled, so this is at most 5 MB. The states of each pattern are extra (functions/patterns.ts). */
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
