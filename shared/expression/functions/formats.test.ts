import { describe, expect, it } from 'vitest';
import { compileCel } from '../cel.ts';
import { createScope } from '../create-scope.ts';

const evaluate = (source: string, input: unknown): unknown =>
  compileCel(source).evaluate(createScope({ trigger: {}, input, steps: {}, previous: {}, round: 1, vars: {}, run: {} }));

describe('CSV', () => {
  it.each([
    ['a,b\r\n1,"x ""y"", z"\r\n', [{ a: '1', b: 'x "y", z' }]],
    [
      '\uFEFFa,b\n1\n\n2,3,4',
      [
        { a: '1', b: '' },
        { a: '2', b: '3' },
      ],
    ],
    ['a,__proto__\n1,2', [JSON.parse('{"a":"1","__proto__":"2"}')]],
    ['', []],
    ['a,b', []],
  ])('reads %j', (text, rows) => {
    expect(evaluate('parseCsv(input)', text)).toEqual(rows);
  });

  it('writes what it reads, with another separator, too', () => {
    const rows = [
      { name: 'A;"b"', n: 1, list: [1] },
      { name: 'line\nbreak', extra: true },
    ];
    expect(evaluate('toCsv(input, ";")', rows)).toBe('name;n;list;extra\n"A;""b""";1;[1];\n"line\nbreak";;;true');
    expect(evaluate('parseCsv(toCsv(input, ";"), ";")[1].name', rows)).toBe('line\nbreak');
    expect(evaluate('toCsv(input)', [[1, null], ['a,b']])).toBe('1,\n"a,b"');
  });

  it.each([
    ['toCsv([1])', 'toCsv() needs a list of objects or a list of lists.'],
    ['parseCsv("a", "")', 'parseCsv() needs a separator of one character, such as ";".'],
  ])('%s says what is wrong', (source, message) => {
    expect(() => evaluate(source, null)).toThrow(message);
  });
});

describe('XML', () => {
  it.each([
    ['<?xml version="1.0"?><a><!-- c --><b>1</b><b x="y">2<c/></b></a>', { a: { b: ['1', { '@x': 'y', c: '', '#text': '2' }] } }],
    ['<a>x &lt; <![CDATA[<b>]]> &#65;</a>', { a: 'x < <b> A' }],
    ['<n:a xmlns:n="u"><n:B/></n:a>', { 'n:a': { '@xmlns:n': 'u', 'n:B': '' } }],
    ['<a><__proto__>1</__proto__></a>', { a: JSON.parse('{"__proto__":"1"}') }],
    ['<!DOCTYPE a SYSTEM "a.dtd"><a>&b;</a>', { a: '&b;' }],
  ])('reads %s', (text, value) => {
    expect(evaluate('parseXml(input)', text)).toEqual(value);
  });

  it.each([
    ['<a><b></a>', 'parseXml() got text that is not XML: <b> is not closed.'],
    ['<a>', '<a> is not closed.'],
    ['<a/><b/>', 'it has more than one root element.'],
    ['<!DOCTYPE a [<!ENTITY b "bbb">]><a>&b;</a>', 'it has text outside of the root element.'],
    ['hello', 'it has text outside of the root element.'],
    ['', 'it has no element.'],
    ['<a>'.repeat(200), 'parseXml() got text that is nested more than 100 levels deep.'],
  ])('rejects %s', (text, message) => {
    expect(() => evaluate('parseXml(input)', text)).toThrow(message);
  });
});

describe('HTML and Markdown', () => {
  it.each([
    ['<head><title>T</title></head><body>Hello <b>big</b>\n  world<br>next</body>', 'Hello big world\nnext'],
    ['<ul><li>One<li>Two<ol><li>a</li><li>b</li></ol></ul><p>End', '- One\n- Two\n\n  1. a\n  2. b\n\nEnd'],
    ['<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>', 'A\tB\n1\t2'],
    ['a<p hidden>b</p><p style="display:none">c</p>', 'a'],
    ['a<script>alert("x<b>")</script><style>p{}</style>&nbsp;&euro;', 'a €'],
    ['<pre>a\n  b</pre>', 'a\n  b'],
    ['1 < 2 & 3', '1 < 2 & 3'],
    ['', ''],
  ])('htmlToText reads %s', (html, text) => {
    expect(evaluate('htmlToText(input)', html)).toBe(text);
  });

  it('markdownToHtml lets no HTML or script through', () => {
    expect(evaluate('markdownToHtml(input)', '# A\n\n- [b](https://c.d)\n')).toBe('<h1>A</h1>\n<ul>\n<li><a href="https://c.d">b</a></li>\n</ul>');
    expect(evaluate('markdownToHtml(input)', '<img src=x onerror=alert(1)>')).toBe('<p>&lt;img src=x onerror=alert(1)&gt;</p>');
    expect(evaluate('markdownToHtml(input)', '[a](javascript:alert(1))')).toBe('<p>[a](javascript:alert(1))</p>');
  });
});
