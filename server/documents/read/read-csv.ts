import { MOST_ROWS, type ReadRows } from '@switchyard/nodes/sdk/documents.ts';
import { unclosedQuote } from '@switchyard/shared/tables/unclosed-quote.ts';
import Papa from 'papaparse';
import { unreadable } from '../fault.ts';
import { rowsOfTable } from './rows.ts';

/** The first line with which Excel names the separator. */
const SEPARATOR_LINE = /^sep=([,;|\t])\n/i;

/** Rows of values with separators. The separator is found from the text. All values are text. */
export function readCsvRows(text: string, hasHeader: boolean): ReadRows {
  const [line, separator] = SEPARATOR_LINE.exec(text) ?? [];
  const content = line === undefined ? text : text.slice(line.length);
  const { data, meta } = Papa.parse<string[]>(content, {
    ...(separator !== undefined && { delimiter: separator }),
    delimitersToGuess: [',', ';', '\t', '|'],
    skipEmptyLines: 'greedy',
    // The header, and one more to know that there are more.
    preview: MOST_ROWS + 2,
  });
  const unclosed = unclosedQuote(content, meta.delimiter);
  if (unclosed !== undefined) throw unreadable(`A quote on line ${unclosed + (line === undefined ? 0 : 1)} is never closed.`);
  const rows = rowsOfTable(data, hasHeader, '');
  return { ...rows, truncated: rows.truncated || meta.truncated };
}
