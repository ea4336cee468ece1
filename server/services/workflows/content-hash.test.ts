import { expect, test } from 'vitest';
import { canonicalJson, contentHash } from './content-hash.ts';

test('ignores the order of keys but not of lists', () => {
  expect(contentHash({ a: 1, b: { c: [1, 2], d: null } })).toBe(contentHash({ b: { d: null, c: [1, 2] }, a: 1 }));
  expect(contentHash([1, 2])).not.toBe(contentHash([2, 1]));
  expect(contentHash({ a: 1 })).not.toBe(contentHash({ a: '1' }));
});

test('treats inherited key names as content', () => {
  const text = '{"__proto__":{"x":1},"constructor":2}';
  expect(canonicalJson(JSON.parse(text))).toBe(text);
  expect(contentHash(JSON.parse(text))).not.toBe(contentHash({ constructor: 2 }));
});
