import { JsonLimitError, readJson } from '../../read-json.ts';
import { toCel } from '../data-map.ts';
import { ExpressionFault } from '../expression-fault.ts';
import { parseCsv, toCsv } from '../formats/csv.ts';
import { htmlToText } from '../formats/html-text.ts';
import { markdownToHtml } from '../formats/markdown.ts';
import { parseXml } from '../formats/xml.ts';
import { visit } from '../metering/meter.ts';
import { visitDeep } from '../metering/visit-deep.ts';
import { readPlain } from '../to-plain.ts';
import { textOf } from './convert.ts';
import { defineFunctions } from './define.ts';

type List = readonly unknown[];

/** This many characters of JSON take as long to parse as visiting an element. */
const PARSED_PER_VISIT = 16;

function parseJson(text: string): unknown {
  visit(Math.floor(text.length / PARSED_PER_VISIT));
  try {
    return toCel(readJson(text));
  } catch (cause) {
    throw new ExpressionFault(cause instanceof JsonLimitError ? `parseJson() got text that ${cause.message}` : 'parseJson() got text that is not JSON');
  }
}

export function jsonOf(value: unknown): string {
  visitDeep(value);
  return JSON.stringify(readPlain(value));
}

export const formatFunctions = defineFunctions('Formats', [
  {
    signature: 'parseJson(text)',
    doc: 'The value of a JSON text.',
    example: 'parseJson("[1, 2]")',
    result: [1, 2],
    visits: 2,
    overloads: { 'parseJson(string): dyn': parseJson },
  },
  {
    signature: 'toJson(value)',
    doc: 'Any value as JSON text.',
    example: 'toJson({"a": [1]})',
    result: '{"a":[1]}',
    overloads: { 'toJson(dyn): string': jsonOf },
  },
  {
    signature: 'parseCsv(text, separator)',
    doc: 'The rows of a CSV text as objects, with the names of the first row. Without a separator, a comma.',
    example: 'parseCsv("name,age\\nAda,36")',
    result: [{ name: 'Ada', age: '36' }],
    visits: 4,
    overloads: { 'parseCsv(string): list<map>': (text: string) => parseCsv(text), 'parseCsv(string, string): list<map>': parseCsv },
  },
  {
    signature: 'toCsv(list, separator)',
    doc: 'A list of objects as CSV, with the names of their fields in the first row. A list of lists has no names.',
    example: 'toCsv([{"name": "Ada", "note": "a, b"}])',
    result: 'name,note\nAda,"a, b"',
    overloads: {
      'toCsv(list): string': (list: List) => toCsv(list, textOf),
      'toCsv(list, string): string': (list: List, separator: string) => toCsv(list, textOf, separator),
    },
  },
  {
    signature: 'parseXml(text)',
    doc: 'XML as an object: elements by name, repeated ones as a list, attributes as “@name”, and text beside them as “#text”.',
    example: 'parseXml("<order id=\'7\'><item>A</item><item>B</item></order>").order',
    result: { '@id': '7', item: ['A', 'B'] },
    visits: 20,
    overloads: { 'parseXml(string): map': parseXml },
  },
  {
    signature: 'htmlToText(html)',
    doc: 'The readable text of a web page or email, without markup, scripts, and styles.',
    example: 'htmlToText("<h1>Hi</h1><p>One &amp; <b>two</b></p>")',
    result: 'Hi\n\nOne & two',
    visits: 20,
    overloads: { 'htmlToText(string): string': htmlToText },
  },
  {
    signature: 'markdownToHtml(text)',
    doc: 'Markdown as HTML, for example for an email. HTML in the text is escaped. Up to about 50,000 characters.',
    example: 'markdownToHtml("Hello **Ada**")',
    result: '<p>Hello <strong>Ada</strong></p>',
    visits: 20,
    overloads: { 'markdownToHtml(string): string': markdownToHtml },
  },
]);
