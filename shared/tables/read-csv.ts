import { dsvFormat } from 'd3-dsv';
import { readCell } from './cell.ts';
import { type ColumnType, MOST_ROWS } from './table.ts';
import { unclosedQuote } from './unclosed-quote.ts';

/*
 * A CSV file as rows for a table: with a byte order mark or not, separated by commas, semicolons, tabs, or bars, with line breaks in quotes.
 */

export interface CsvRow {
  /** Where it starts in the file, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvFile {
  readonly names: readonly string[];
  readonly rows: readonly CsvRow[];
  readonly separator: string;
}

const SEPARATORS = [',', ';', '\t', '|'];

/** The separator that is in the first line most often, outside of quotes. */
function separatorOf(text: string): string {
  const counts = new Map(SEPARATORS.map((separator) => [separator, 0]));
  let isQuoted = false;
  for (const character of text.slice(0, 100_000)) {
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === '\n' || character === '\r')) break;
    else if (!isQuoted) counts.set(character, (counts.get(character) ?? -Infinity) + 1);
  }
  return SEPARATORS.reduce((best, separator) => ((counts.get(separator) ?? 0) > (counts.get(best) ?? 0) ? separator : best));
}

/** Reads a file. Returns a problem for people if it can’t be imported. */
export function readCsv(given: string): CsvFile | { readonly problem: string } {
  const text = given.startsWith('\uFEFF') ? given.slice(1) : given;
  const separator = separatorOf(text);
  const unclosed = unclosedQuote(text, separator);
  if (unclosed !== undefined) return { problem: `A quote that opens on line ${unclosed} is never closed. Close it, or write "" for a quote within a value.` };
  const all = dsvFormat(separator).parseRows(text);
  let line = 1;
  const rows: CsvRow[] = [];
  for (const cells of all) {
    if (cells.length > 1 || cells[0]?.trim()) rows.push({ line, cells: cells.map(withoutGuard) });
    line += 1 + cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
  }
  const [header, ...data] = rows;
  if (!header) return { problem: 'The file is empty. Its first line must have the names of the columns.' };
  if (data.length > MOST_ROWS)
    return {
      problem: `The file has ${data.length.toLocaleString('en-US')} rows. A table holds up to ${MOST_ROWS.toLocaleString('en-US')}. Split it, or keep it in a database.`,
    };
  return { names: header.cells.map((name, index) => name.trim() || `Column ${index + 1}`), rows: data, separator };
}

/** Our own files put an apostrophe before what a spreadsheet would take for a formula. */
const withoutGuard = (cell: string): string => (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);

/** Numbers as people write them: no exponent, no leading zeros (which are codes), few enough digits. */
const PLAIN_NUMBER = /^-?(0|[1-9]\d{0,14})([.]\d{1,15})?$/;
const COMMA_NUMBER = /^-?(0|[1-9]\d{0,14})(,\d{1,15})?$/;
const YES_OR_NO = /^(true|false|yes|no)$/i;

/** The type that all values of a column fit. Text if there are none. */
export function guessType(values: readonly string[], separator: string): ColumnType {
  const filled = values.map((value) => value.trim()).filter((value) => value !== '');
  if (filled.length === 0) return 'text';
  if (filled.every((value) => YES_OR_NO.test(value))) return 'boolean';
  if (filled.every((value) => PLAIN_NUMBER.test(value) || (separator !== ',' && COMMA_NUMBER.test(value)))) return 'number';
  return filled.every((value) => !('problem' in readCell('date', value))) ? 'date' : 'text';
}

/** The text of a CSV cell as a value for a column. */
export function csvValue(type: ColumnType, text: string, separator: string): unknown {
  const trimmed = text.trim();
  if (type === 'number' && separator !== ',' && COMMA_NUMBER.test(trimmed)) return trimmed.replace(',', '.');
  if (type === 'json' && trimmed !== '') return jsonOf(trimmed);
  return text;
}

/** What isn’t JSON is text. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
