import { expect, test } from 'vitest';
import { parseMediaType, strictDecoder } from './media-type.ts';

test.each([
  ['text/plain', 'text/plain', {}],
  [' Text/HTML ; Charset="utf-8" ;', 'text/html', { charset: 'utf-8' }],
  ['multipart/form-data; boundary="a\\"b"; x=1', 'multipart/form-data', { boundary: 'a"b', x: '1' }],
  ['application/vnd.api+json;charset=a;charset=b', 'application/vnd.api+json', { charset: 'a' }],
])('%s is one media type', (text, type, parameters) => {
  const parsed = parseMediaType(text);
  expect(parsed?.type).toBe(type);
  expect(Object.fromEntries(parsed?.parameters ?? [])).toEqual(parameters);
});

test.each([
  '',
  'text',
  'text/plain, text/html',
  'text/plain;, text/html',
  'text/plain text/html',
  'text/plain; charset',
  'text/plain; a="b',
  'text/pl\u00e4in',
])('“%s” is not one media type', (text) => {
  expect(parseMediaType(text)).toBeUndefined();
});

test('parses a long list of parameters in one pass', () => {
  expect(parseMediaType(`text/plain${'; a=b'.repeat(200_000)}`)?.parameters.size).toBe(1);
  expect(parseMediaType(`text/plain${';'.repeat(500_000)}"`)).toBeUndefined();
});

test('rejects bytes outside an encoding, and unknown encodings', () => {
  expect(strictDecoder('iso-8859-15')?.decode(new Uint8Array([0xa4]))).toBe('€');
  expect(strictDecoder('gbk')?.decode(new Uint8Array([0xc4, 0xe3]))).toBe('你');
  expect(() => strictDecoder('utf-8')?.decode(new Uint8Array([0xff]))).toThrow();
  expect(strictDecoder('klingon')).toBeUndefined();
});
