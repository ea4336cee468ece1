import { MOST_ROWS, type ReadRows } from '@switchyard/nodes/sdk/documents.ts';
import Papa from 'papaparse';
import { rowsOfTable } from './rows.ts';

/** The first line with which Excel names the separator. */
const SEPARATOR_LINE = /^sep=([,;|\t])\n/i;

/** Rows of values with separators. The separator is found from the text. All values are text. */
export function readCsvRows(text: string, hasHeader: boolean): ReadRows {
  const [line, separator] = SEPARATOR_LINE.exec(text) ?? [];
  const { data, meta } = Papa.parse<string[]>(line === undefined ? text : text.slice(line.length), {
    ...(separator !== undefined && { delimiter: separator }),
    delimitersToGuess: [',', ';', '\t', '|'],
    skipEmptyLines: 'greedy',
    // The header, and one more to know that there are more.
    preview: MOST_ROWS + 2,
  });
  const rows = rowsOfTable(data, hasHeader, '');
  return { ...rows, truncated: rows.truncated || meta.truncated };
}
