import { expect, it } from 'vitest';
import { LruCache } from './lru.ts';

it('makes a value once and drops the least recently used one', () => {
  const made: string[] = [];
  const cache = new LruCache<string>(2);
  const get = (key: string) =>
    cache.get(key, (name) => {
      made.push(name);
      return name.toUpperCase();
    });
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) expect(get(key)).toBe(key.toUpperCase());
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});
