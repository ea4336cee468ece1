import { expect, test } from 'vitest';
import { readHookBody } from './hook-body.ts';

const read = (text: string | Buffer, contentType: string) => readHookBody(Buffer.from(text), contentType).body;
const part = (name: string, content: string, more = '') =>
  `--b\r\ncontent-disposition: form-data; name="${name}"\r\n${more && `${more}\r\n`}\r\n${content}\r\n`;
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
  ['{"a": 1}', 'text/plain', { a: 1 }],
  [' [1] ', 'text/csv', [1]],
  ['{"a": 1', 'text/plain', '{"a": 1'],
  ['[a] b', 'text/markdown', '[a] b'],
  ['"a"', 'text/plain', '"a"'],
  ['42', 'text/plain', '42'],
  ['{"a": 1}', 'text/json', { a: 1 }],
  ['<a/>', 'application/soap+xml', '<a/>'],
  ['<a/>', 'application/xml', '<a/>'],
  ['', 'application/json', null],
])('parses %j as %j into %j', (text, contentType, body) => {
  expect(read(text, contentType)).toEqual(body);
});

test.each([
  ['{"a": 1}', FORM, 'json'],
  ['a=1', FORM, 'form'],
  ['plain', '', 'text'],
  ['[1]', '', 'json'],
  ['', FORM, 'nothing'],
])('reads %j as %j as what it is: %s', (text, contentType, readAs) => {
  expect(readHookBody(Buffer.from(text), contentType).readAs).toBe(readAs);
});

test('treats a field named __proto__ like any other', () => {
  const body = read('__proto__=x&constructor=y', FORM) as object;
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
  ['bad-request', FORM, 'a&'.repeat(1_001)],
  ['bad-request', FORM, 'a=1&'.repeat(1_001)],
  ['bad-request', 'multipart/form-data; boundary=b', `${part('f', 'x').repeat(1_001)}--b--`],
  ['bad-request', 'multipart/form-data', `${part('f', 'x')}--b--`],
  ['bad-request', 'multipart/form-data; boundary=b', part('f', 'x')],
  ['bad-request', 'multipart/form-data; boundary=b', '--b\r\ncontent-disposition: form-data\r\n\r\nx\r\n--b--'],
  ['bad-request', 'multipart/form-data; boundary=b', '--b and more\r\n\r\nx\r\n--b--'],
  ['unsupported-media-type', 'text/plain; charset=klingon', 'x'],
  ['unsupported-media-type', `${FORM}; charset=klingon`, 'a=1'],
  ['unsupported-media-type', 'multipart/form-data; boundary=b', `${part('f', 'x', 'content-type: text/plain; charset=klingon')}--b--`],
  ['unsupported-media-type', 'application/octet-stream, text/plain', 'x'],
  ['unsupported-media-type', 'image/png', 'x'],
  ['unsupported-media-type', 'application/octet-stream', 'x'],
  [
    'unsupported-media-type',
    'multipart/form-data; boundary=b',
    '--b\r\ncontent-disposition: form-data; name="f"; filename="a.png"\r\ncontent-type: image/png\r\n\r\nx\r\n--b--\r\n',
  ],
])('throws %s for a body of type %s', (code, contentType, text) => {
  expect(() => read(text, contentType)).toThrow(expect.objectContaining({ code }));
});

test('reads a text file in a form as its text', () => {
  const body = '--b\r\ncontent-disposition: form-data; name="f"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\nhello\r\n--b--\r\n';
  expect(read(body, 'multipart/form-data; boundary=b')).toEqual({ f: 'hello' });
});

test.each([
  [Buffer.from('Regi\xe3o', 'latin1'), 'text/plain; charset=ISO-8859-1', 'Região'],
  [Buffer.from([0xc4, 0xe3]), 'text/plain; charset=GBK', '你'],
  [Buffer.from('{"a": "\xa4"}', 'latin1'), 'application/json; charset="iso-8859-15"', { a: '€' }],
  [Buffer.from('a=Regi%E3o&b=\xe3+x', 'latin1'), `${FORM}; charset=iso-8859-1`, { a: 'Região', b: 'ã x' }],
  [Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?><a>\xe3</a>', 'latin1'), 'text/xml', '<?xml version="1.0" encoding="iso-8859-1"?><a>ã</a>'],
  [Buffer.from('\ufeff{"a": 1}'), 'application/json', { a: 1 }],
])('decodes %j as its type %s says', (raw, contentType, body) => {
  expect(read(raw, contentType)).toEqual(body);
});

test('decodes parts of a multipart form by their own charset', () => {
  const raw = Buffer.concat([
    Buffer.from(part('a', 'Região')),
    Buffer.from(part('b', 'Regi\xe3o', 'Content-Type: text/plain; charset=iso-8859-1'), 'latin1'),
    Buffer.from(part('a', '')),
    Buffer.from('--b--\r\n'),
  ]);
  expect(read(raw, 'multipart/form-data; boundary=b')).toEqual({ a: ['Região', ''], b: 'Região' });
});

test.each(['text/plain', 'application/json', FORM])('rejects bytes that are not UTF-8 under %s instead of guessing', (contentType) => {
  expect(() => read(Buffer.from([0x61, 0xff]), contentType)).toThrow(expect.objectContaining({ status: 400 }));
});
