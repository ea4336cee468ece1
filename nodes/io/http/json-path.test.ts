import { expect, it } from 'vitest';
import { isPath, valueAt, withValueAt } from './json-path.ts';

const value = { data: { items: [{ id: 1 }, { id: 2 }] }, 'with-dash': true };

it.each([
  ['', value],
  ['data.items[1].id', 2],
  ['with-dash', true],
  ['data.items.length', undefined],
  ['data.constructor', undefined],
  ['data.items[9].id', undefined],
])('the value at “%s”', (path, found) => {
  expect(valueAt(value, path)).toEqual(found);
});

it('replaces one value and keeps the others', () => {
  expect(withValueAt({ a: { b: 1, c: 2 }, d: 3 }, 'a.b', 9)).toEqual({ a: { b: 9, c: 2 }, d: 3 });
  expect(withValueAt(null, 'a.b', 9)).toEqual({ a: { b: 9 } });
  expect(Object.keys(withValueAt({}, '__proto__', 1) as object)).toEqual(['__proto__']);
});

it.each(['a..b', '.', 'a[', 'a[x]', 'a.'])('“%s” is no path', (path) => {
  expect(isPath(path)).toBe(false);
});
