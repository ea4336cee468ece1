import { describe, expect, it } from 'vitest';
import { compileCel } from '../cel.ts';
import { createScope } from '../create-scope.ts';
import { linearPattern } from '../patterns/linear-pattern.ts';

const evaluate = (source: string, input: unknown): unknown =>
  compileCel(source).evaluate(createScope({ trigger: {}, input, steps: {}, previous: {}, round: 1, vars: {}, run: {} }, 'run/step'));
const exhausted = 'The expression reads more than 100,000 elements.';
const many: readonly number[] = Array(10_000).fill(0);

describe('the cost of functions (S25)', () => {
  it.each([
    ['arithmetic with times', 'timestamp(0).add(1, "day")'],
    ['times in time zones', 'timestamp(0).startOf("day", "Europe/Berlin")'],
    ['names in formats', 'timestamp(0).format("EEEE d MMMM")'],
    ['formats in time zones', 'timestamp(0).format("HH", "Asia/Tokyo")'],
    ['parsed times', 'parseDate("2026-01-31")'],
    ['time zones that don’t exist', 'timestamp(0).format("HH", "Mars/" + string(x)) == "" || true'],
    ['formatted durations', 'duration("1h").format("h:mm")'],
    ['hashes', '"a".hash("sha256")'],
    ['signatures', '"a".hmac("sha256", "key")'],
    ['broken Base64', '"*".fromBase64() == "" || true'],
    ['UUIDs', 'uuid("a")'],
    ['URLs', 'parseUrl("https://example.com").host'],
    ['searches with groups', '"abc".groups("(?<a>b)").hasValue() && "abc".groups("(?<b>c)").hasValue()'],
    ['slugs', '"abc".slug() + "def".slug() + "ghi".slug()'],
  ])('stops %s in a loop', (_what, source) => {
    expect(() => evaluate(`input.map(x, ${source}).size()`, many)).toThrow(exhausted);
  });

  const long = (part: string): string => part.repeat(Math.ceil(1_000_000 / part.length));

  it.each([
    ['matches that read far beyond their end', 'input.extractAll("x*y|x")', 'x'.repeat(100_000)],
    ['matches with many steps', 'input.extractAll("(a?){50}a{50}")', 'a'.repeat(100_000)],
    ['empty matches', 'input.extractAll("")', long('a')],
    ['a text that grows with each match', 'input.replaceMatches("", input)', 'a'.repeat(10_000)],
    ['a template that repeats a long text', '"{a}{a}{a}{a}{a}{a}{a}{a}".fill({"a": input})', long('a')],
    ['many parameters', 'parseQuery(input)', long('a&')],
    ['a CSV of many cells', 'parseCsv(input)', long('a,')],
    ['a CSV of wide rows', 'parseCsv(input)', `${'a,'.repeat(20_000)}\n${'b\n'.repeat(100)}`],
    ['many objects with different fields, as CSV', 'toCsv(input)', Array.from({ length: 3_000 }, (_, at) => ({ [`f${at}`]: 1 }))],
    ['an XML with many elements', 'parseXml(input)', `<a>${long('<b>x</b>')}</a>`],
    ['an XML with many attributes', 'parseXml(input)', `<a ${Array.from({ length: 60_000 }, (_, at) => `a${at}=""`).join(' ')}/>`],
    ['a web page with many elements', 'htmlToText(input)', long('<p>')],
    ['long Markdown', 'markdownToHtml(input)', long('![[')],
    ['the similarity of long texts', 'input.similarity(input)', long('ab')],
  ])('stops %s', (_what, source, input) => {
    expect(() => evaluate(source, input)).toThrow(/^The expression reads|would be longer/);
  });

  it('lets a text of a megabyte be hashed, encoded, and searched', () => {
    expect(evaluate('input.hash("sha256").size() + input.toBase64().size()', long('a'))).toBe(64 + 1_333_336);
    expect(evaluate('input.extract("b+").hasValue()', long('a'))).toBe(false);
  });

  it('reads long web pages without white space and markup taking quadratic time', () => {
    for (const html of [`<pre>${long(' ')}x`, `<p>${long('a          ')}`, long('</b>'), long('<!--'), long('<script>')]) {
      expect(typeof evaluate('htmlToText(input)', html)).toBe('string');
    }
  });

  it('leaves a pattern usable after a search was stopped', () => {
    expect(() => evaluate('input.extractAll("(a|b)+c|a")', 'ab'.repeat(100_000))).toThrow(exhausted);
    expect(evaluate('input.extractAll("(a|b)+c|a")', 'abc-a')).toEqual(['b', '']);
    const pattern = linearPattern('(a|b)+c|a');
    for (let times = 0; times < 1_000; times++) expect(pattern.matcher('ab'.repeat(100)).find()).toBe(true);
  });
});
