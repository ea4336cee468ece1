import { AppError } from '@switchyard/shared/errors.ts';
import { parseMediaType, parseParameters } from '@switchyard/shared/media-type.ts';
import { UploadedFile } from '../../services/files/uploaded-file.ts';
import { charsetOf, decodeText } from './body-types.ts';
import { MOST_FIELDS, tooManyFields } from './form-fields.ts';

/*
 * Fields and files of multipart/form-data (RFC 7578), read in one pass.
 */

/** What becomes of a file in this field: a file, its text, or an error. */
export type TakesFile = (field: string) => 'file' | 'text';

/** Where only text is expected, text files count as fields, and others are rejected. */
const ONLY_TEXT: TakesFile = () => 'text';

const LONGEST_BOUNDARY = 200;
const LONGEST_HEAD = 8_000;
const BREAK = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');
const TEXT_FILE = /^text\/|^application\/(json|xml)$|\+(json|xml)$/;

const broken = (what: string): AppError => new AppError('bad-request', `Invalid multipart body: ${what}.`);

/** Name and text or file of each part. Throws `bad-request` if malformed, `unsupported-media-type` for a file where text is expected. */
export function multipartPairs(raw: Buffer, boundary: string | undefined, takes: TakesFile = ONLY_TEXT): [string, string | UploadedFile][] {
  if (!boundary || boundary.length > LONGEST_BOUNDARY) throw broken('Content-Type names no boundary');
  const mark = Buffer.from(`\r\n--${boundary}`);
  const pairs: [string, string | UploadedFile][] = [];
  let parts = 0;
  // The body may start with the first boundary, without a line break before it.
  let at = raw.subarray(0, mark.length - 2).equals(mark.subarray(2)) ? mark.length - 2 : endOf(raw, mark, 0);
  for (;;) {
    if (raw[at] === 0x2d && raw[at + 1] === 0x2d) return pairs;
    const line = raw.indexOf(BREAK, at);
    if (line < 0 || line - at > LONGEST_HEAD || raw.toString('latin1', at, line).trim() !== '') throw broken('a boundary is followed by other text');
    const end = endOf(raw, mark, line);
    if (++parts > MOST_FIELDS) throw tooManyFields('form');
    const pair = readPart(raw.subarray(line + 2, Math.max(line + 2, end - mark.length)), takes);
    if (pair) pairs.push(pair);
    at = end;
  }
}

function endOf(raw: Buffer, mark: Buffer, from: number): number {
  const found = raw.indexOf(mark, from);
  if (found < 0) throw broken('its last boundary is missing');
  return found + mark.length;
}

/** Undefined for a field of a form in which no file was chosen. */
function readPart(part: Buffer, takes: TakesFile): [string, string | UploadedFile] | undefined {
  const headEnd = part.subarray(0, LONGEST_HEAD).indexOf(HEAD_END);
  if (headEnd < 0) throw broken('a part has no headers');
  const headers = new Map(part.toString('utf8', 0, headEnd).split('\r\n').map(headerLine));
  const disposition = headers.get('content-disposition') ?? '';
  const parameters = parseParameters(disposition, disposition.search(/;|$/)) ?? new Map<string, string>();
  const name = parameters.get('name');
  if (name === undefined) throw broken('a part has no name');
  const field = unescaped(name);
  const fileName = parameters.get('filename');
  const content = part.subarray(headEnd + HEAD_END.length);
  if (fileName !== undefined && takes(field) === 'file') {
    return fileName === '' && content.length === 0 ? undefined : [field, new UploadedFile(unescaped(fileName), content)];
  }
  const type = parseMediaType(headers.get('content-type') ?? 'text/plain') ?? { type: '', parameters: new Map() };
  if (fileName !== undefined && !TEXT_FILE.test(type.type)) {
    throw new AppError('unsupported-media-type', `The file in “${field}” has the type ${type.type || 'unknown'}. Only text is accepted here.`);
  }
  return [field, decodeText(content, charsetOf(type, content))];
}

function headerLine(line: string): [string, string] {
  const mark = line.indexOf(':');
  return [line.slice(0, Math.max(0, mark)).trim().toLowerCase(), line.slice(mark + 1).trim()];
}

/** How browsers escape quotes and line breaks in a name (HTML, “multipart form data”). */
const unescaped = (name: string): string => name.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
