import { MOST_CHARACTERS, type ReadRows, type ReadText, type RowOptions } from '@switchyard/nodes/sdk/documents.ts';
import type { Cells } from '@switchyard/shared/expression/formats/html-tables.ts';
import { noText, unreadable } from '../fault.ts';
import { kindOf } from './kind-of.ts';

import { rowsOfList, rowsOfTable } from './rows.ts';

/*
 * Text or rows out of the contents of a file. Runs in a worker thread, whose memory and time are limited. The reader of each type is loaded
 * when it is first needed.
 */

/** Throws DocumentError if it has none. */
export async function readText(content: Uint8Array): Promise<ReadText> {
  const read = await textIn(content);
  if (read.text.trim() === '') throw noText('The file has no text.');
  return read.text.length > MOST_CHARACTERS ? { ...read, text: read.text.slice(0, MOST_CHARACTERS), truncated: true } : read;
}

async function textIn(content: Uint8Array): Promise<ReadText> {
  const file = kindOf(content);
  switch (file.kind) {
    case 'pdf':
      return (await import('./read-pdf.ts')).readPdf(content);
    case 'docx':
      return whole((await (await import('./read-docx.ts')).readDocx(content)).text);
    case 'xlsx':
      return whole(await (await import('./read-xlsx.ts')).readXlsxText(content));
    case 'html':
      return whole((await import('./read-markup.ts')).readPage(file.text).text);
    default:
      return whole(file.text);
  }
}

const whole = (text: string): ReadText => ({ text, truncated: false });

/** Throws DocumentError if it has no list or table. */
export async function readRows(content: Uint8Array, { hasHeader, sheet }: RowOptions): Promise<ReadRows> {
  const file = kindOf(content);
  switch (file.kind) {
    case 'pdf':
      throw unreadable('A PDF has no rows. Extract its text, and let a model find the values in it.');
    case 'docx':
      return rowsOfTable(largest((await (await import('./read-docx.ts')).readDocx(content)).tables, 'document'), hasHeader, '');
    case 'xlsx':
      return (await import('./read-xlsx.ts')).readXlsxRows(content, hasHeader, sheet);
    case 'html':
      return rowsOfTable(largest((await import('./read-markup.ts')).readPage(file.text).tables, 'page'), hasHeader, '');
    case 'json':
      return (await import('./read-json.ts')).readJsonRows(file.text, hasHeader);
    case 'xml':
      return rowsOfList((await import('./read-markup.ts')).readXmlList(file.text));
    case 'plain':
      return (await import('./read-csv.ts')).readCsvRows(file.text, hasHeader);
  }
}

function largest(tables: readonly Cells[], place: string): Cells {
  const [first, ...others] = tables;
  if (!first) throw unreadable(`The ${place} has no table. Extract its text instead.`);
  return others.reduce((most, table) => (table.length > most.length ? table : most), first);
}
