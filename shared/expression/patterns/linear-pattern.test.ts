import { expect, it } from 'vitest';
import { linearPattern } from './linear-pattern.ts';

it.each([
  ['', 'anything'],
  ['()', 'anything'],
  ['^a+$', 'aaa'],
])('compiles the pattern “%s”, and caches it', (source, match) => {
  const pattern = linearPattern(source);
  expect(pattern.matcher(match).find()).toBe(true);
  expect(linearPattern(source)).toBe(pattern);
});
