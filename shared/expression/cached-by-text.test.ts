import { describe, expect, it } from 'vitest';
import { cachedByText } from './cached-by-text.ts';

function cacheOf(limits: { max: number; maxSize: number }) {
  const made: string[] = [];
  const get = cachedByText(limits, (text) => {
    made.push(text);
    if (text === 'bad') throw new Error('not made');
    return { text };
  });
  return { made, get };
}

describe('a cache by text', () => {
  it('makes a value once and drops the least recently used one', () => {
    const { made, get } = cacheOf({ max: 2, maxSize: 100 });
    for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) expect(get(text)).toEqual({ text });
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  it('drops values until the rest is light enough', () => {
    const { made, get } = cacheOf({ max: 10, maxSize: 10 });
    for (const text of ['aaa', 'bbbb', 'cc', 'ddddd', 'cc', 'aaa']) get(text);
    expect(made).toEqual(['aaa', 'bbbb', 'cc', 'ddddd', 'aaa']);
  });

  it('caches no value that is heavier than the limit, and no error', () => {
    const { made, get } = cacheOf({ max: 10, maxSize: 5 });
    for (const text of ['too long', 'too long']) expect(get(text)).toEqual({ text });
    for (const text of ['bad', 'bad']) expect(() => get(text)).toThrow('not made');
    expect(made).toEqual(['too long', 'too long', 'bad', 'bad']);
  });
});
