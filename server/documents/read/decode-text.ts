/*
 * Bytes to text. The encoding is the first of: that of the byte order mark, UTF-8 if everything fits, the one that the document declares,
 * and Windows-1252, in which every byte is a character.
 */

const MARKS: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

const encodingByMark = (content: Uint8Array): string | undefined => MARKS.find(([, bytes]) => bytes.every((byte, at) => content[at] === byte))?.[0];

/** How far into a document its encoding can be declared. */
const DECLARED_WITHIN = 1_024;
const DECLARATION = /<\?xml[^>]{0,200}\bencoding\s*=\s*["']([\w-]+)["']|<meta[^>]{0,200}\bcharset\s*=\s*["']?\s*([\w-]+)/i;

function encodingDeclared(content: Uint8Array): string | undefined {
  const start = new TextDecoder('latin1').decode(content.subarray(0, DECLARED_WITHIN));
  const [, xml, html] = DECLARATION.exec(start) ?? [];
  return xml ?? html;
}

function decodedAs(encoding: string | undefined, content: Uint8Array, fatal: boolean): string | undefined {
  if (encoding === undefined) return undefined;
  try {
    return new TextDecoder(encoding, { fatal }).decode(content);
  } catch {
    return undefined;
  }
}

/** The text of a file, without its byte order mark, and with line breaks as \n. */
export function decodeText(content: Uint8Array): string {
  const text =
    decodedAs(encodingByMark(content), content, false) ??
    decodedAs('utf-8', content, true) ??
    decodedAs(encodingDeclared(content), content, false) ??
    new TextDecoder('windows-1252').decode(content);
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
}

/** How much of a file decides whether it is text. */
const SAMPLE_BYTES = 8_192;

/** Whether the content is text: it has none of the control characters that text doesn’t have. */
export function isText(content: Uint8Array): boolean {
  const mark = encodingByMark(content);
  if (mark?.startsWith('utf-16')) return true;
  return content.subarray(0, SAMPLE_BYTES).every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d || byte === 0x1b);
}
