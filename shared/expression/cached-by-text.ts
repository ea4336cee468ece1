import { LRUCache } from 'lru-cache';

/**
 * `make`, with a bounded cache of its results: at most `max` texts of `maxSize` characters in total, the least recently used dropped first.
 * Callers choose many texts and their lengths, so limiting their number would not bound the memory. Errors aren't cached.
 */
export function cachedByText<V extends object>(limits: { readonly max: number; readonly maxSize: number }, make: (text: string) => V): (text: string) => V {
  const cache = new LRUCache<string, V>(limits);
  return (text) => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    cache.set(text, made, { size: Math.max(1, text.length) });
    return made;
  };
}
