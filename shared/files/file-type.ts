/*
 * The type of a file, from its content (S74). The sender chooses name and declared type, so neither decides. The name only
 * distinguishes kinds of text, none of which a browser would execute.
 */

const BINARY = 'application/octet-stream';
const LONGEST_NAME = 200;

const latin = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

interface Signature {
  readonly type: string;
  readonly at?: number;
  readonly bytes: readonly number[];
}

const SIGNATURES: readonly Signature[] = [
  { type: 'application/pdf', bytes: latin('%PDF-') },
  { type: 'image/png', bytes: [0x89, ...latin('PNG\r\n'), 0x1a, 0x0a] },
  { type: 'image/jpeg', bytes: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', bytes: latin('GIF8') },
  { type: 'image/bmp', bytes: latin('BM') },
  { type: 'image/tiff', bytes: [0x49, 0x49, 0x2a, 0x00] },
  { type: 'image/tiff', bytes: [0x4d, 0x4d, 0x00, 0x2a] },
  { type: 'image/webp', at: 8, bytes: latin('WEBP') },
  { type: 'image/avif', at: 4, bytes: latin('ftypavif') },
  { type: 'image/heic', at: 4, bytes: latin('ftyphei') },
  { type: 'audio/wav', at: 8, bytes: latin('WAVE') },
  { type: 'audio/mpeg', bytes: latin('ID3') },
  { type: 'audio/ogg', bytes: latin('OggS') },
  { type: 'audio/flac', bytes: latin('fLaC') },
  { type: 'audio/mp4', at: 4, bytes: latin('ftypM4A') },
  { type: 'video/mp4', at: 4, bytes: latin('ftyp') },
  { type: 'video/webm', bytes: [0x1a, 0x45, 0xdf, 0xa3] },
  { type: 'application/gzip', bytes: [0x1f, 0x8b] },
  { type: 'application/vnd.ms-office', bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] },
];

const hasBytes = (content: Uint8Array, { at = 0, bytes }: Signature): boolean => bytes.every((byte, index) => content[at + index] === byte);

/** Two letters prove little, so a bitmap must also have its reserved zeros. */
const isBitmap = (content: Uint8Array): boolean => content.length >= 14 && content[6] === 0 && content[7] === 0 && content[8] === 0 && content[9] === 0;

/** Text types by the end of the name. */
const TEXT_TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  md: 'text/markdown',
  markdown: 'text/markdown',
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  htm: 'text/html',
  svg: 'image/svg+xml',
  ics: 'text/calendar',
  eml: 'message/rfc822',
  yaml: 'application/yaml',
  yml: 'application/yaml',
};

/** The media type of a content. `name` only chooses among text types. */
export function fileTypeOf(content: Uint8Array, name: string): string {
  const found = SIGNATURES.find((signature) => hasBytes(content, signature));
  if (found && (found.type !== 'image/bmp' || isBitmap(content))) return found.type;
  if (hasBytes(content, { type: '', bytes: latin('PK\x03\x04') })) return zipType(content);
  return looksLikeText(content) ? textType(content, name) : BINARY;
}

const OFFICE: readonly (readonly [folder: string, type: string])[] = [
  ['word/', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xl/', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['ppt/', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
];
/** The names in the directory of a ZIP archive are at its end. */
const DIRECTORY_BYTES = 65_536;
const DIRECTORY_ENTRY = latin('PK\x01\x02');
const NAME_AT = 46;

/** Office documents are ZIP archives with a folder of a certain name. */
function zipType(content: Uint8Array): string {
  const names = namesInZip(content.subarray(Math.max(0, content.length - DIRECTORY_BYTES)));
  const mimetype = decoded(content.subarray(30, 120));
  const open = /^mimetype(application\/(?:vnd\.oasis\.opendocument\.[a-z-]+|epub\+zip))/.exec(mimetype)?.[1];
  return open ?? OFFICE.find(([folder]) => names.some((name) => name.startsWith(folder)))?.[1] ?? 'application/zip';
}

function namesInZip(end: Uint8Array): string[] {
  const names: string[] = [];
  for (let at = 0; at + NAME_AT < end.length; at++) {
    if (end[at] !== 0x50 || !hasBytes(end, { type: '', at, bytes: DIRECTORY_ENTRY })) continue;
    const length = (end[at + 28] ?? 0) + 256 * (end[at + 29] ?? 0);
    names.push(decoded(end.subarray(at + NAME_AT, at + NAME_AT + Math.min(length, LONGEST_NAME))));
    at += NAME_AT - 1;
  }
  return names;
}

const decoded = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

const LOOK_BYTES = 4_096;

/** Whether a content is text: UTF-16 with its mark, or bytes without control characters. */
function looksLikeText(content: Uint8Array): boolean {
  if (content.length >= 2 && ((content[0] === 0xff && content[1] === 0xfe) || (content[0] === 0xfe && content[1] === 0xff))) return true;
  for (let at = 0; at < Math.min(content.length, LOOK_BYTES); at++) {
    const byte = content[at] ?? 0;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27) return false;
  }
  return true;
}

/** Text that a browser would show as a page is called so, whatever its name. */
function textType(content: Uint8Array, name: string): string {
  const start = new TextDecoder()
    .decode(content.subarray(0, 1_024))
    .replace(/^\uFEFF/, '')
    .trimStart()
    .toLowerCase();
  if (/^(?:<!--[\s\S]*?-->\s*)?<(?:!doctype html|html|head|body|script|iframe|style)\b/.test(start)) return 'text/html';
  const isXml = start.startsWith('<?xml') || start.startsWith('<!doctype svg');
  if (/^<svg\b/.test(start) || (isXml && start.includes('<svg'))) return 'image/svg+xml';
  const named = TEXT_TYPES[/\.([a-z]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? ''];
  return named ?? (isXml ? 'application/xml' : 'text/plain');
}

/** Whether files of a type can be read as text. */
export const isTextType = (type: string): boolean =>
  /^(?:text\/.+|message\/rfc822|application\/(?:json|xml|yaml)|image\/svg\+xml|.+\+(?:json|xml))$/.test(type);

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes.
const NOT_IN_NAMES = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A name without folders and invisible characters, at most 200 characters long. Never empty. */
export function cleanFileName(name: string): string {
  const last = name.toWellFormed().normalize('NFC').replace(NOT_IN_NAMES, '').split(/[/\\]/).at(-1) ?? '';
  const bare = last
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[.\s]+/, '')
    .trim();
  if (bare === '') return 'file';
  if (bare.length <= LONGEST_NAME) return bare;
  const ending = /\.[^.]{1,10}$/.exec(bare)?.[0] ?? '';
  return (bare.slice(0, LONGEST_NAME - ending.length) + ending).toWellFormed();
}
