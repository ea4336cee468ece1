import { describe, expect, it } from 'vitest';
import { LruCache } from './lru.ts';

describe('a cache', () => {
  it('makes a value once and drops the least recently used one', () => {
    const made: string[] = [];
    const cache = new LruCache<string>({ entries: 2, weight: 100 });
    const get = (key: string) =>
      cache.getOrMake(key, (name) => {
        made.push(name);
        return name.toUpperCase();
      });
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) expect(get(key)).toBe(key.toUpperCase());
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  it('drops entries until the rest is light enough', () => {
    const cache = new LruCache<number>({ entries: 10, weight: 10 });
    for (const weight of [3, 4, 2]) cache.set(String(weight), weight, weight);
    cache.set('5', 5, 5);
    expect(['3', '4', '2', '5'].map((key) => cache.get(key))).toEqual([undefined, undefined, 2, 5]);
    cache.set('5', 8, 8);
    expect([cache.get('2'), cache.get('5')]).toEqual([2, 8]);
  });

  it('keeps no entry that is heavier than the limit, and no error', () => {
    const cache = new LruCache<string>({ entries: 10, weight: 10 });
    const fail = () => {
      throw new Error('not made');
    };
    cache.getOrMake('a', () => 'A');
    expect(cache.getOrMake('much too long', () => 'made')).toBe('made');
    expect(() => cache.getOrMake('b', fail)).toThrow('not made');
    expect(['a', 'b', 'much too long'].map((key) => cache.get(key))).toEqual(['A', undefined, undefined]);
  });
});
