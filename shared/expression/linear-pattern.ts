import { RE2JS } from 're2js';
import { LruCache } from './lru.ts';

/*
 * Regular expressions that people write, in an engine whose time grows with the text and no faster: with JavaScript's own, a pattern
 * such as (a+)+$ and forty letters stop the whole process. It has no lookaround, no references back and no repetition beyond 1,000.
 */

/** The most steps that a pattern may come to when its repetitions are written out: a thousand of `a{1000}` keep the process busy for seconds. */
const MOST_STEPS = 20_000;

const TOKEN = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(?<least>\d+)(?:,(?<most>\d*))?\}|./gsu;

/** How many steps a pattern comes to when its repetitions are written out. */
export function stepsOf(source: string): number {
  const outer: number[] = [];
  let steps = 0;
  let last = 0;
  for (const { 0: token, groups } of source.matchAll(TOKEN)) {
    if (token === '(') {
      outer.push(steps);
      steps = 0;
    } else if (token === ')') {
      last = steps;
      steps += outer.pop() ?? 0;
    } else if (groups?.least !== undefined) {
      const times = Math.max(1, Number(groups.most || groups.least));
      steps += last * (times - 1);
      last *= times;
    } else {
      last = 1;
      steps++;
    }
  }
  return outer.reduce((sum, before) => sum + before, steps);
}

function compile(source: string): RE2JS {
  if (stepsOf(source) > MOST_STEPS) throw new Error('it repeats too much');
  return RE2JS.compile(RE2JS.translateRegExp(source));
}

const patterns = new LruCache<RE2JS>(200);

/** Compiles a pattern; the same one is compiled once. Throws an error that says what is wrong with it. */
export const linearPattern = (source: string): RE2JS => patterns.get(source, compile);
