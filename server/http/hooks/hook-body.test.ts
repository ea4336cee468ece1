import { expect, test } from 'vitest';
import { readHookBody } from './hook-body.ts';

const read = async (text: string, contentType: string) => (await readHookBody(Buffer.from(text), contentType)).body;
const FORM = 'application/x-www-form-urlencoded';

test.each([
  ['{"a": 1}', 'application/json', { a: 1 }],
  ['{"a": 1}', 'Application/JSON; charset=utf-8', { a: 1 }],
  ['[1, 2]', 'application/vnd.api+json', [1, 2]],
  ['"text"', 'application/json', 'text'],
  ['{"a": 1}', FORM, { a: 1 }],
  [' [1]', FORM, [1]],
  ['42', FORM, { '42': '' }],
  ['a=1&b=x%20y&a=2', `${FORM}; charset=utf-8`, { a: ['1', '2'], b: 'x y' }],
  ['{a}=1', FORM, { '{a}': '1' }],
  ['{"a": 1}', '', { a: 1 }],
  ['plain', '', 'plain'],
  ['{"a": 1}', 'text/plain', '{"a": 1}'],
  ['<a/>', 'application/xml', '<a/>'],
  ['', 'application/json', null],
])('%j as %j is %j', async (text, contentType, body) => {
  expect(await read(text, contentType)).toEqual(body);
});

test.each([
  ['{"a": 1}', FORM, 'json'],
  ['a=1', FORM, 'form'],
  ['plain', '', 'text'],
  ['[1]', '', 'json'],
  ['', FORM, 'nothing'],
])('%j as %j is read as what it is: %s', async (text, contentType, readAs) => {
  expect((await readHookBody(Buffer.from(text), contentType)).readAs).toBe(readAs);
});

test('a field called __proto__ is a field like any other', async () => {
  const body = (await read('__proto__=x&constructor=y', FORM)) as object;
  expect(Object.entries(body)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
  expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
});

test.each([
  ['bad-json', FORM, '{"a": '],
  ['bad-json', 'application/json', '{"a": '],
  ['bad-request', `${FORM};`, Array.from({ length: 1_001 }, (_, index) => `f${index}=1`).join('&')],
  ['unsupported-media-type', 'image/png', 'x'],
  ['unsupported-media-type', 'application/octet-stream', 'x'],
  [
    'unsupported-media-type',
    'multipart/form-data; boundary=b',
    '--b\r\ncontent-disposition: form-data; name="f"; filename="a.png"\r\ncontent-type: image/png\r\n\r\nx\r\n--b--\r\n',
  ],
])('%s: a body of type %s is refused', async (code, contentType, text) => {
  await expect(async () => read(text, contentType)).rejects.toThrow(expect.objectContaining({ code }));
});

test('a text file in a form is its text', async () => {
  const body = '--b\r\ncontent-disposition: form-data; name="f"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\nhello\r\n--b--\r\n';
  expect(await read(body, 'multipart/form-data; boundary=b')).toEqual({ f: 'hello' });
});
