import { expect, test } from 'vitest';
import { jsonMistake } from './json-mistake.ts';

test.each([
  ['{"a": }', 1, 7, 'a value'],
  ['{"a" 1}', 1, 6, 'a colon'],
  ['{"a": 1 "b": 2}', 1, 9, 'a comma'],
  ['{"a": 1,}', 1, 9, 'a name in double quotes'],
  ["{'a': 1}", 1, 2, 'a name in double quotes or }'],
  ['[1, 2,]', 1, 7, 'a value'],
  ['[1 2]', 1, 4, 'a comma'],
  ['{"a": [1, 2}', 1, 12, 'a comma or the end'],
  ['{\n  "a": 1,\n  b: 2\n}', 3, 3, 'a name in double quotes'],
  ['{"a": "open', 1, 7, 'a value'],
  ['{"a": "two\nlines"}', 1, 11, 'must be escaped'],
  ['{"a": 01}', 1, 7, 'a value'],
  ['{"a": nul}', 1, 7, 'a value'],
  ['{"a": "\\x"}', 1, 7, 'a value'],
  ['{"a": 1} more', 1, 10, 'the end'],
  ['{"a": 1', 1, 8, 'incomplete'],
  ['[', 1, 2, 'incomplete'],
  ['}', 1, 1, 'a value'],
])('finds the error in %j at line %i, column %i: %s', (text, line, column, what) => {
  expect(() => JSON.parse(text)).toThrow();
  const mistake = jsonMistake(text);
  expect([mistake.line, mistake.column]).toEqual([line, column]);
  expect(mistake.what).toContain(what);
});

test('finds every truncation and corruption of a text', () => {
  const whole = '{"list": [1, -2.5e3, true, null, "x\\u00e9\\n"], "in": {"a": {}, "b": []}}';
  let broken = 0;
  for (let at = 0; at < whole.length; at++) {
    for (const text of [whole.slice(0, at), `${whole.slice(0, at)}#${whole.slice(at + 1)}`, `${whole.slice(0, at)},${whole.slice(at)}`]) {
      let parses = true;
      try {
        JSON.parse(text);
      } catch {
        parses = false;
      }
      if (parses) continue;
      broken++;
      const { line, column } = jsonMistake(text);
      expect(line).toBe(1);
      expect(column).toBeLessThanOrEqual(text.length + 1);
    }
  }
  expect(broken).toBeGreaterThan(100);
});
