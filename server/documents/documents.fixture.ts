import { zipSync } from 'fflate';

/* Small documents for tests, written by hand. */

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const archive = (files: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, bytes(text)])));

/** A text on a page, in points from the lower left corner. */
export interface PdfText {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size?: number;
  /** Direction of the text, as cosine and sine. */
  readonly direction?: readonly [number, number];
}

const escaped = (text: string): string => text.replaceAll(/[\\()]/g, '\\$&');

/** The operators that draw these texts. */
const drawn = (texts: readonly PdfText[]): string =>
  texts
    .map(({ x, y, text, size = 10, direction: [cos, sin] = [1, 0] }) => `BT /F1 ${size} Tf ${cos} ${sin} ${-sin} ${cos} ${x} ${y} Tm (${escaped(text)}) Tj ET`)
    .join('\n');

/** A PDF with these pages. `trailer` is added to its trailer, and `objects` to its objects, from number 4 on. */
export function pdfOf(pages: readonly (readonly PdfText[])[], more: { trailer?: string; objects?: readonly string[]; page?: string } = {}): Uint8Array {
  const extra = more.objects ?? [];
  const first = 4 + extra.length;
  const kids = pages.map((_, at) => `${first + 2 * at} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...extra,
    ...pages.flatMap((texts, at) => {
      const content = drawn(texts);
      const page = `/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${first + 2 * at + 1} 0 R`;
      return [`<< ${page} ${more.page ?? ''} >>`, `<< /Length ${content.length} >>\nstream\n${content}\nendstream`];
    }),
  ];
  let pdf = '%PDF-1.7\n';
  const offsets = objects.map((object, at) => {
    const offset = pdf.length;
    pdf += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const start = pdf.length;
  pdf += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${more.trailer ?? ''} >>\nstartxref\n${start}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(pdf, 'latin1'));
}

/** The lines of an invoice, with a table whose rows are drawn column by column, as some programs do. */
export const INVOICE: readonly PdfText[] = [
  { x: 50, y: 780, text: 'Nordlicht GmbH', size: 16 },
  { x: 400, y: 780, text: 'Invoice RE-2026-118' },
  { x: 50, y: 762, text: 'Hafenstr. 7, 20457 Hamburg' },
  { x: 400, y: 762, text: 'Date: 2026-01-05' },
  { x: 50, y: 700, text: 'Item' },
  { x: 50, y: 684, text: 'Desk lamp' },
  { x: 50, y: 668, text: 'Shelf, oak' },
  { x: 300, y: 700, text: 'Quantity' },
  { x: 300, y: 684, text: '2' },
  { x: 300, y: 668, text: '1' },
  { x: 400, y: 700, text: 'Price' },
  { x: 400, y: 684, text: '39.90' },
  { x: 400, y: 668, text: '120.00' },
  { x: 300, y: 640, text: 'Total' },
  { x: 400, y: 640, text: '199.80 EUR' },
];

const SPREADSHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const column = (at: number): string => String.fromCharCode(65 + at);

/** Cells are text, numbers, or dates as `{date: <days since 1900>}`. */
export type Cell = string | number | boolean | null | { readonly date: number };

function cellXml(cell: Cell, reference: string): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c r="${reference}" t="b"><v>${Number(cell)}</v></c>`;
  if (typeof cell === 'object') return `<c r="${reference}" s="1"><v>${cell.date}</v></c>`;
  return `<c r="${reference}" t="inlineStr"><is><t>${xml(cell)}</t></is></c>`;
}

const sheetXml = (rows: readonly (readonly Cell[])[]): string =>
  `<worksheet xmlns="${SPREADSHEET}"><sheetData>${rows
    .map((cells, at) => `<row r="${at + 1}">${cells.map((cell, index) => cellXml(cell, `${column(index)}${at + 1}`)).join('')}</row>`)
    .join('')}</sheetData></worksheet>`;

/** A workbook with these sheets. `files` are added to the archive. */
export function xlsxOf(sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>, files: Readonly<Record<string, string>> = {}): Uint8Array {
  const names = Object.keys(sheets);
  return archive({
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    'xl/workbook.xml': `<workbook xmlns="${SPREADSHEET}" xmlns:r="${RELATIONS}"><sheets>${names
      .map((name, at) => `<sheet name="${xml(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}">${names
      .map((_, at) => `<Relationship Id="rId${at + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`)
      .join('')}</Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${SPREADSHEET}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
    ...Object.fromEntries(Object.values(sheets).map((rows, at) => [`xl/worksheets/sheet${at + 1}.xml`, sheetXml(rows)])),
    ...files,
  });
}

const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';

/** A paragraph of a Word document. */
export const paragraph = (text: string): string => `<w:p><w:r><w:t xml:space="preserve">${xml(text)}</w:t></w:r></w:p>`;
/** A table of a Word document. */
export const table = (rows: readonly (readonly string[])[]): string =>
  `<w:tbl>${rows.map((cells) => `<w:tr>${cells.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join('')}</w:tr>`).join('')}</w:tbl>`;

/** A Word document with this body. `files` are added to the archive. */
export const docxOf = (body: string, files: Readonly<Record<string, string>> = {}): Uint8Array =>
  archive({
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': `<Relationships xmlns="${PACKAGE}"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `<w:document xmlns:w="${WORD}"><w:body>${body}</w:body></w:document>`,
    ...files,
  });
