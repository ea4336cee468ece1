import { unreadable } from '../fault.ts';
import { decodeText, isText } from './decode-text.ts';
import { namesIn } from './unpack.ts';

/** A file by what it contains, whatever its name says. */
export type FileKind = { readonly kind: 'pdf' | 'docx' | 'xlsx' } | { readonly kind: 'html' | 'xml' | 'json' | 'plain'; readonly text: string };

const READABLE = 'Supported are PDF, Word (.docx), Excel (.xlsx), CSV, HTML, JSON, XML, and text.';

/** A PDF may have other bytes before its header. */
const HEADER_WITHIN = 1_024;

const asBuffer = (content: Uint8Array): Buffer => Buffer.from(content.buffer, content.byteOffset, content.byteLength);

/** Throws DocumentError if nothing can be read out of it. */
export function kindOf(content: Uint8Array): FileKind {
  if (content.length === 0) throw unreadable('The file is empty.');
  const start = asBuffer(content).toString('latin1', 0, HEADER_WITHIN);
  if (start.includes('%PDF-')) return { kind: 'pdf' };
  if (start.startsWith('PK\u0003\u0004')) return { kind: officeKind(content) };
  if (start.startsWith('\u00d0\u00cf\u0011\u00e0')) throw compoundFile(content);
  if (!isText(content)) throw unreadable(`The file is ${nameOf(start)}. ${READABLE}`);
  return textKind(decodeText(content));
}

function officeKind(content: Uint8Array): 'docx' | 'xlsx' {
  const names = namesIn(content);
  if (names.some((name) => /^word\/document\d*\.xml$/.test(name))) return 'docx';
  if (names.includes('xl/workbook.xml')) return 'xlsx';
  if (names.includes('xl/workbook.bin')) throw unreadable('The file is a binary Excel workbook (.xlsb). Save it as .xlsx.');
  if (names.includes('ppt/presentation.xml')) throw unreadable('The file is a PowerPoint presentation. Export it as PDF.');
  throw unreadable(`The file is a zip archive. ${READABLE}`);
}

/** Office encrypts documents into the container that its older formats use. */
function compoundFile(content: Uint8Array) {
  const isEncrypted = asBuffer(content).includes(Buffer.from('EncryptedPackage', 'utf16le'));
  return isEncrypted
    ? unreadable('The document is encrypted. Remove its password, and save it again.')
    : unreadable('The file is in an older Office format (.doc, .xls). Save it as .docx or .xlsx.');
}

const IMAGE = 'an image. To let a model look at it, add it to a Prompt node';
const ARCHIVE = 'a compressed archive';
const SIGNATURES: readonly (readonly [start: string, name: string])[] = [
  ['\u0089PNG', IMAGE],
  ['\u00ff\u00d8\u00ff', IMAGE],
  ['GIF8', IMAGE],
  ['RIFF', IMAGE],
  ['II*\0', IMAGE],
  ['MM\0*', IMAGE],
  ['\u001f\u008b', ARCHIVE],
  ['7z\u00bc\u00af', ARCHIVE],
  ['Rar!', ARCHIVE],
];

const nameOf = (start: string): string => SIGNATURES.find(([signature]) => start.startsWith(signature))?.[1] ?? 'of an unknown binary type';

/** What may come before the first tag: space, comments, and declarations. */
const PREAMBLE = /^(?:\s|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!doctype[^>[]*>)*/i;
const HTML_TAG = /^<(?:html|head|body|meta|title|style|script|table|div|p|span|font|center|h[1-6]|ul|ol|br|b|i|a|img)\b/i;

function textKind(text: string): FileKind {
  const start = text.trimStart();
  if (!start.startsWith('<')) return { kind: /^[[{]/.test(start) ? 'json' : 'plain', text };
  const content = text.slice(PREAMBLE.exec(text)?.[0].length);
  return { kind: /^<!doctype html\b/i.test(start) || HTML_TAG.test(content) ? 'html' : 'xml', text };
}
