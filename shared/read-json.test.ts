import { describe, expect, it } from 'vitest';
import { isBigIntegerText } from './json.ts';
import { JsonLimitError, readJson } from './read-json.ts';

describe('integers beyond 2^53 (S79)', () => {
  it.each([
    ['820982911946154508', '820982911946154508'],
    ['-9007199254740993', '-9007199254740993'],
    ['9007199254740993', '9007199254740993'],
    [`1${'0'.repeat(400)}`, `1${'0'.repeat(400)}`],
    ['[1, 820982911946154508 ]', [1, '820982911946154508']],
    [
      '{"a b":820982911946154508,"820982911946154508":{"x":[820982911946154508]}}',
      { 'a b': '820982911946154508', '820982911946154508': { x: ['820982911946154508'] } },
    ],
  ])('are read as text with the same digits: %s', (text, value) => {
    expect(readJson(text)).toEqual(value);
  });

  it.each([
    ['9007199254740992', 2 ** 53],
    ['-9007199254740992', -(2 ** 53)],
    ['9007199254740991', 2 ** 53 - 1],
    ['0.12345678901234567', Number('0.12345678901234567')],
    ['123456789012345678.5', Number('123456789012345678.5')],
    ['1e18', 1e18],
    ['[1234567890123456789e2]', [Number('1234567890123456789e2')]],
    ['"\\" 820982911946154508"', '" 820982911946154508'],
    ['["a\\\\",820982911946154508]', ['a\\', '820982911946154508']],
  ])('leaves everything else as JSON.parse reads it: %s', (text, value) => {
    expect(readJson(text)).toEqual(value);
  });

  it.each(['01234567890123456789', '{820982911946154508: 1}', '820982911946154508x', '[820982911946154508', '+820982911946154508'])(
    'do not make %s valid',
    (text) => expect(() => readJson(text)).toThrow(SyntaxError),
  );

  it('are recognized by their text', () => {
    expect(['820982911946154508', '-9007199254740993', '1'.repeat(500)].every(isBigIntegerText)).toBe(true);
    expect(
      ['9007199254740992', '0820982911946154508', '820982911946154508.5', ' 820982911946154508', '1e30', 9_007_199_254_740_992].some(isBigIntegerText),
    ).toBe(false);
  });
});

describe('limits', () => {
  it('reject deep nesting and many values, however they are arranged', () => {
    const limits = { maxDepth: 5, maxValues: 100 };
    for (const text of ['['.repeat(300_000) + ']'.repeat(300_000), `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`])
      expect(() => readJson(text, limits)).toThrow('nested more than 5 levels deep');
    expect(() => readJson(`[${'1,'.repeat(200)}1]`, limits)).toThrow('has more than 100 values');
    expect(() => readJson(`{${Array.from({ length: 200 }, (_, index) => `"k${index}":1`).join()}}`, limits)).toThrow(JsonLimitError);
  });

  it('reject a number that a double cannot hold', () => {
    for (const text of ['1e400', '[-1E+999]', `1${'0'.repeat(400)}.5`]) expect(() => readJson(text)).toThrow('too large to store');
    expect(readJson('{"a": 1e300, "b": 1e-400, "c": "1e400"}')).toEqual({ a: 1e300, b: 0, c: '1e400' });
  });
});

it('repairs half characters everywhere', () => {
  expect(readJson('["\\ud800 x", {"a": "\\ud83d\\ude00", "b": "\\udc00"}]')).toEqual(['\ufffd x', { a: '\u{1f600}', b: '\ufffd' }]);
});

it('keeps __proto__ as an ordinary key', () => {
  const value = readJson('{"__proto__": "\\ud800", "n": 820982911946154508}') as object;
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(Object.keys(value)).toEqual(['__proto__', 'n']);
});
