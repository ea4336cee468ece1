import type { ReadRows } from '@switchyard/nodes/sdk/documents.ts';
import readXlsxFile, { InvalidSpreadsheetError, readSheet, SheetNotFoundError } from 'read-excel-file/universal';
import { noText, unreadable } from '../fault.ts';
import { rowsOfTable, type Table } from './rows.ts';
import { repack, unpackXml } from './unpack.ts';

interface Sheet {
  readonly sheet: string;
  readonly data: Table;
}

const toBuffer = (content: Uint8Array): ArrayBuffer => repack(unpackXml(content)).buffer;

/** The calendar of a cell: a date, a time of day, or both. It has no time zone. */
function calendarText(date: Date): string {
  const text = new Date(Math.round(date.getTime() / 1_000) * 1_000).toISOString().slice(0, -5);
  if (date.getUTCFullYear() < 1_900) return text.slice(text.indexOf('T') + 1);
  return text.endsWith('T00:00:00') ? text.slice(0, -9) : text;
}

const withText = (table: Table): Table => table.map((row) => row.map((cell) => (cell instanceof Date ? calendarText(cell) : cell)));

async function sheetsIn(content: Uint8Array): Promise<Sheet[]> {
  return asFault(async () => (await readXlsxFile(toBuffer(content))).map(({ sheet, data }) => ({ sheet, data: withText(data as Table) })));
}

/** The text of all sheets, a line per row with tabs between the cells. */
export async function readXlsxText(content: Uint8Array): Promise<string> {
  const sheets = (await sheetsIn(content)).filter(({ data }) => data.length > 0);
  if (sheets.length === 0) throw noText('The workbook is empty.');
  const lines = ({ data }: Sheet): string =>
    data
      .map((row) =>
        row
          .map((cell) => cell ?? '')
          .join('\t')
          .trimEnd(),
      )
      .join('\n');
  return sheets.length === 1 ? sheets.map(lines).join('') : sheets.map((one) => `${one.sheet}\n\n${lines(one)}`).join('\n\n');
}

/** The rows of one sheet: the named one, or the first that isn’t empty. */
export async function readXlsxRows(content: Uint8Array, hasHeader: boolean, sheet: string | undefined): Promise<ReadRows> {
  if (sheet !== undefined) {
    const data = await asFault(async () => withText((await readSheet(toBuffer(content), sheet)) as Table));
    return { ...rowsOfTable(data, hasHeader, null), sheet };
  }
  const [first] = (await sheetsIn(content)).filter(({ data }) => data.length > 0);
  return first ? { ...rowsOfTable(first.data, hasHeader, null), sheet: first.sheet } : rowsOfTable([], hasHeader, null);
}

async function asFault<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof SheetNotFoundError) throw unreadable(missingSheet(thrown), thrown);
    if (thrown instanceof InvalidSpreadsheetError) throw unreadable(`The workbook is damaged: ${thrown.message}.`, thrown);
    throw thrown;
  }
}

function missingSheet(error: SheetNotFoundError): string {
  const names = 'sheets' in error && Array.isArray(error.sheets) ? error.sheets.map((name) => `“${name}”`).join(', ') : '';
  return `The workbook has no sheet “${error.sheet}”. It has ${names}.`;
}
