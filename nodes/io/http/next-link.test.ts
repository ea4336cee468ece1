import { expect, it } from 'vitest';
import { nextLink } from './next-link.ts';

it.each([
  ['<https://a.example/?page=2>; rel="next"', 'https://a.example/?page=2'],
  ['<https://a.example/?page=1>; rel="prev", <https://a.example/?ids=1,2;x>; rel=next', 'https://a.example/?ids=1,2;x'],
  ['</p/2>; title="a, b"; rel="last next"', '/p/2'],
  ['</p/2>; rel="nextish"', undefined],
  ['</p/2>; title="rel=next"', undefined],
  ['</p/1>; rel="first"', undefined],
  ['', undefined],
  [undefined, undefined],
])('%s', (header, target) => {
  expect(nextLink(header)).toBe(target);
});
