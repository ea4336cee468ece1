import { describe, expect, it } from 'vitest';
import { cleanFileName, fileTypeOf } from './file-type.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const zipOf = (...names: string[]): Uint8Array =>
  bytes(
    `PK\x03\x04${'\0'.repeat(26)}${names.map((name) => `PK\x01\x02${'\0'.repeat(24)}${String.fromCharCode(name.length, 0)}${'\0'.repeat(16)}${name}`).join('')}`,
  );

describe('the type of a file', () => {
  it.each([
    ['%PDF-1.7\n', 'a.exe', 'application/pdf'],
    ['\x89PNG\r\n\x1a\n', 'a.html', 'image/png'],
    ['\xff\xd8\xff\xe0', 'a', 'image/jpeg'],
    ['GIF89a', 'a.png', 'image/gif'],
    ['RIFF\0\0\0\0WEBP', 'a', 'image/webp'],
    ['<!DOCTYPE html><script>', 'photo.png', 'text/html'],
    ['\xef\xbb\xbf  <html>', 'a.txt', 'text/html'],
    ['<!-- x --><script>alert(1)</script>', 'data.csv', 'text/html'],
    ['<?xml version="1.0"?><svg onload="x">', 'a.png', 'image/svg+xml'],
    ['<svg>', 'a.txt', 'image/svg+xml'],
    ['a,b\n1,2\n', 'numbers.CSV', 'text/csv'],
    ['a,b\n1,2\n', 'numbers', 'text/plain'],
    ['{"a": 1}', 'a.json', 'application/json'],
    ['<a/>', 'a.xml', 'application/xml'],
    ['# Title', 'read.me.md', 'text/markdown'],
    ['BMW sells cars', 'a.txt', 'text/plain'],
    ['', 'empty.csv', 'text/csv'],
    ['\xff\xfea\0', 'a.csv', 'text/csv'],
    ['MZ\x90\0\x03', 'a.pdf', 'application/octet-stream'],
  ])('is found in %j, whatever its name %s', (content, name, type) => {
    expect(fileTypeOf(bytes(content), name)).toBe(type);
  });

  it('names office documents by what is in the archive', () => {
    expect(fileTypeOf(zipOf('[Content_Types].xml', 'xl/workbook.xml'), 'a.docx')).toBe('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
    expect(fileTypeOf(zipOf('word/document.xml'), 'a')).toBe('application/vnd.openxmlformats-officedocument.wordprocessingml.document');
    expect(fileTypeOf(zipOf('a.txt'), 'a.xlsx')).toBe('application/zip');
  });
});

it.each([
  ['invoice.pdf', 'invoice.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\Rechnung Größe.pdf', 'Rechnung Größe.pdf'],
  ['\u202egnp.exe\u0000', 'gnp.exe'],
  ['  .hidden  ', 'hidden'],
  ['a<b>"c".txt', 'a_b__c_.txt'],
  ['', 'file'],
  ['...', 'file'],
  [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(196)}.pdf`],
])('the name %j is cleaned to %j', (name, clean) => {
  expect(cleanFileName(name)).toBe(clean);
});
