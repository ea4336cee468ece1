import { AppError } from '@switchyard/shared/errors.ts';
import { parseMediaType, parseParameters } from '@switchyard/shared/media-type.ts';
import { charsetOf, decodeText } from './body-types.ts';
import { MOST_FIELDS, tooManyFields } from './form-fields.ts';

/*
 * Fields of multipart/form-data (RFC 7578), read in one pass. Text files count as fields. Other files are rejected.
 */

const LONGEST_BOUNDARY = 200;
const LONGEST_HEAD = 8_000;
const BREAK = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');
const TEXT_FILE = /^text\/|^application\/(json|xml)$|\+(json|xml)$/;

const broken = (what: string): AppError => new AppError('bad-request', `Invalid multipart body: ${what}.`);

/** Name and text of each part. Throws `bad-request` if malformed, `unsupported-media-type` for files that are not text. */
export function multipartPairs(raw: Buffer, boundary: string | undefined): [string, string][] {
  if (!boundary || boundary.length > LONGEST_BOUNDARY) throw broken('Content-Type names no boundary');
  const mark = Buffer.from(`\r\n--${boundary}`);
  const pairs: [string, string][] = [];
  // The body may start with the first boundary, without a line break before it.
  let at = raw.subarray(0, mark.length - 2).equals(mark.subarray(2)) ? mark.length - 2 : endOf(raw, mark, 0);
  for (;;) {
    if (raw[at] === 0x2d && raw[at + 1] === 0x2d) return pairs;
    const line = raw.indexOf(BREAK, at);
    if (line < 0 || line - at > LONGEST_HEAD || raw.toString('latin1', at, line).trim() !== '') throw broken('a boundary is followed by other text');
    const end = endOf(raw, mark, line);
    if (pairs.length >= MOST_FIELDS) throw tooManyFields('form');
    pairs.push(readPart(raw.subarray(line + 2, Math.max(line + 2, end - mark.length))));
    at = end;
  }
}

function endOf(raw: Buffer, mark: Buffer, from: number): number {
  const found = raw.indexOf(mark, from);
  if (found < 0) throw broken('its last boundary is missing');
  return found + mark.length;
}

function readPart(part: Buffer): [string, string] {
  const headEnd = part.subarray(0, LONGEST_HEAD).indexOf(HEAD_END);
  if (headEnd < 0) throw broken('a part has no headers');
  const headers = new Map(part.toString('utf8', 0, headEnd).split('\r\n').map(headerLine));
  const disposition = headers.get('content-disposition') ?? '';
  const parameters = parseParameters(disposition, disposition.search(/;|$/)) ?? new Map<string, string>();
  const name = parameters.get('name');
  if (name === undefined) throw broken('a part has no name');
  const field = unescaped(name);
  const type = parseMediaType(headers.get('content-type') ?? 'text/plain') ?? { type: '', parameters: new Map() };
  if (parameters.has('filename') && !TEXT_FILE.test(type.type)) {
    throw new AppError('unsupported-media-type', `The file in “${field}” has the type ${type.type || 'unknown'}. Only text files are accepted.`);
  }
  const content = part.subarray(headEnd + HEAD_END.length);
  return [field, decodeText(content, charsetOf(type, content))];
}

function headerLine(line: string): [string, string] {
  const mark = line.indexOf(':');
  return [line.slice(0, Math.max(0, mark)).trim().toLowerCase(), line.slice(mark + 1).trim()];
}

/** How browsers escape quotes and line breaks in a name (HTML, “multipart form data”). */
const unescaped = (name: string): string => name.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
