import { AppError } from '@switchyard/shared/errors.ts';
import { expect, test } from 'vitest';
import { parseJson, textOfBody } from './json-body.ts';

const refusal = (text: string, limits?: Parameters<typeof parseJson>[1]): AppError => {
  try {
    parseJson(text, limits);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('The body was accepted');
};
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

test('accepts values nested up to the limit', () => {
  const limits = { maxDepth: 5, maxValues: 1_000 };
  expect(parseJson(nested(5), limits)).toEqual([[[[[]]]]]);
  expect(parseJson(nested(6), limits)).toEqual([[[[[[]]]]]]);
  expect(refusal(nested(7), limits).code).toBe('bad-request');
  expect(refusal(`{"a": ${nested(200_000)}}`).code).toBe('bad-request');
});

test('accepts as many values as the limit', () => {
  const list = (length: number): string => `[${Array.from({ length }, () => '1').join()}]`;
  const limits = { maxDepth: 2, maxValues: 100 };
  expect(parseJson(list(99), limits)).toHaveLength(99);
  expect(refusal(list(100), limits).message).toContain('100 values');
});

test('reports where JSON is broken', () => {
  const error = refusal('{\n"a": x}');
  expect([error.code, error.details]).toEqual(['bad-json', { line: 2, column: 6 }]);
  expect(error.message).toContain('line 2, column 6');
});

test('replaces half a character, and keeps whole ones', () => {
  expect(parseJson('{"a": "\\ud800 x", "b": "\\ud83d\\ude00"}')).toEqual({ a: '\ufffd x', b: '\u{1f600}' });
});

test('rejects bytes that are not UTF-8 instead of guessing', () => {
  expect(textOfBody(Buffer.from('{"a": "é"}'))).toBe('{"a": "é"}');
  expect(() => textOfBody(Buffer.from([0x22, 0xff, 0xfe, 0x22]))).toThrow('not valid UTF-8');
});

test('rejects a number beyond the largest double', () => {
  for (const endless of ['1e400', '-1E+999', `1${'0'.repeat(400)}.5`]) expect(refusal(`{"a": [${endless}]}`).message).toContain('too large');
  expect(parseJson('{"a": 1e300, "b": 1e-400, "c": "1e400"}')).toEqual({ a: 1e300, b: 0, c: '1e400' });
});

test.each(['"\\ud800"', '1e400', '1e100'])('rejects extreme nesting next to %s too', (value) => {
  expect(['bad-json', 'bad-request']).toContain(refusal(`[${value}, ${nested(200_000)}]`).code);
});
