import { RE2JS } from 're2js';
import { LruCache } from './lru.ts';

/*
 * Regular expressions that people write, in an engine whose time grows with the text and no faster: with JavaScript's own, a pattern
 * such as (a+)+$ and forty letters stop the whole process. It has no lookaround, no references back and no repetition beyond 1,000.
 */

const patterns = new LruCache<RE2JS>(200);

/** Compiles a pattern; the same one is compiled once. Throws an error that says what is wrong with it. */
export const linearPattern = (source: string): RE2JS => patterns.get(source, (text) => RE2JS.compile(RE2JS.translateRegExp(text)));
