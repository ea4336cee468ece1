import { ExpressionFault } from '../expression-fault.ts';
import { build, visit } from '../metering/meter.ts';
import { textOf } from './convert.ts';
import { defineFunctions } from './define.ts';
import { shorten } from './shorten.ts';

/** Longer URLs are rejected: encoding an international host name takes quadratic time. */
const LONGEST_URL = 8_000;
/** Percent-encoding this many characters takes as long as visiting an element. */
const ENCODED_PER_VISIT = 16;
/** A parameter takes this many times as long as visiting an element. */
const VISITS_PER_PARAMETER = 3;

type Fields = ReadonlyMap<unknown, unknown>;

function parseUrl(text: string): Fields {
  if (text.length > LONGEST_URL || !URL.canParse(text))
    throw new ExpressionFault(`parseUrl() can’t read “${shorten(text)}” as a URL. It needs one like “https://example.com/path”`);
  const { href, origin, protocol, host, hostname, port, pathname, search, hash } = new URL(text);
  const parts = { href, origin, protocol, host, hostname, port, pathname, search, hash };
  return new Map<unknown, unknown>([...Object.entries(parts), ['query', parseQuery(search)]]);
}

/** A name that occurs several times has a list of its values. */
function parseQuery(text: string): Fields {
  visit(VISITS_PER_PARAMETER * countParameters(text) + Math.floor(text.length / ENCODED_PER_VISIT));
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const known = fields.get(name);
    if (known === undefined) fields.set(name, value);
    else if (Array.isArray(known)) known.push(value);
    else fields.set(name, [known, value]);
  }
  return fields;
}

function countParameters(text: string): number {
  let count = 1;
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) count++;
  return count;
}

/** Leaves out what is null. A list becomes several parameters. */
function toQuery(fields: Fields): string {
  const parts: string[] = [];
  let length = 0;
  for (const [name, value] of fields) {
    for (const item of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      if (item === null || item === undefined) continue;
      visit(VISITS_PER_PARAMETER);
      const part = `${encodeText(String(name))}=${encodeText(textOf(item))}`;
      length += part.length + 1;
      build(length, part.length);
      parts.push(part);
    }
  }
  return parts.join('&');
}

function encodeText(text: string): string {
  visit(Math.floor(text.length / ENCODED_PER_VISIT));
  return encodeURIComponent(text.toWellFormed());
}

function decodeText(text: string): string {
  visit(Math.floor(text.length / ENCODED_PER_VISIT));
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ExpressionFault(`decodeUrl() can’t read “${shorten(text)}”: a % must be followed by the code of a character`);
  }
}

export const urlFunctions = defineFunctions('URLs', [
  {
    signature: 'parseUrl(text)',
    doc: 'The parts of a URL: origin, protocol, host, hostname, port, pathname, search, hash, and query as an object.',
    example: 'parseUrl("https://example.com/a?tag=x&tag=y").query.tag',
    result: ['x', 'y'],
    visits: 20,
    overloads: { 'parseUrl(string): map': parseUrl },
  },
  {
    signature: 'parseQuery(text)',
    doc: 'The parameters of a query string or form, as an object. Repeated ones become a list.',
    example: 'parseQuery("page=2&sort=name")',
    result: { page: '2', sort: 'name' },
    visits: 4,
    overloads: { 'parseQuery(string): map': parseQuery },
  },
  {
    signature: 'object.toQuery()',
    doc: 'The fields as a query string. Lists become repeated parameters, and null is left out.',
    example: '{"q": "a b", "tag": ["x", "y"], "page": null}.toQuery()',
    result: 'q=a%20b&tag=x&tag=y',
    overloads: { 'map.toQuery(): string': toQuery },
  },
  {
    signature: 'text.encodeUrl()',
    doc: 'The text, percent-encoded for use in a URL.',
    example: '"a/b c".encodeUrl()',
    result: 'a%2Fb%20c',
    overloads: { 'string.encodeUrl(): string': encodeText },
  },
  {
    signature: 'text.decodeUrl()',
    doc: 'The percent-encoded text, decoded.',
    example: '"a%2Fb%20c".decodeUrl()',
    result: 'a/b c',
    overloads: { 'string.decodeUrl(): string': decodeText },
  },
]);
