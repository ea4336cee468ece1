import { dsvFormat } from 'd3-dsv';
import { unclosedQuote } from '../../tables/unclosed-quote.ts';
import { ExpressionFault } from '../expression-fault.ts';
import { build, visit } from '../metering/meter.ts';

/** Reading this many characters takes as long as visiting an element. */
const CHARACTERS_PER_VISIT = 24;

const BYTE_ORDER_MARK = '\uFEFF';

/* Only rows are read and written with the library: its reader for objects compiles a function. */
function dialect(separator: string, called: string) {
  if (separator.length !== 1 || /["\r\n]/.test(separator)) throw new ExpressionFault(`${called}() needs a separator of one character, such as ";"`);
  return dsvFormat(separator);
}

/** The rows of a CSV text, each an object by the names in the first row. Missing cells are empty text. */
export function parseCsv(text: string, separator = ','): readonly ReadonlyMap<string, string>[] {
  const { parseRows } = dialect(separator, 'parseCsv');
  visit(Math.floor(text.length / CHARACTERS_PER_VISIT) + countCells(text, separator));
  const content = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  const unclosed = unclosedQuote(content, separator);
  if (unclosed !== undefined) throw new ExpressionFault(`parseCsv() found a quote on line ${unclosed} that is never closed`);
  const [names, ...rows] = parseRows(content);
  if (!names) return [];
  visit(names.length * rows.length);
  return rows.filter((row) => row.length > 1 || row[0] !== '').map((row) => new Map(names.map((name, at) => [name, row[at] ?? ''])));
}

/** At most this many cells and rows: separators in quotes count, too. */
function countCells(text: string, separator: string): number {
  let count = 1;
  for (const mark of [separator, '\n', '\r']) for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) count++;
  return count;
}

/** A list of objects as CSV, with the names of all their fields in the first row. A list of lists is written as it is. */
export function toCsv(list: readonly unknown[], textOf: (value: unknown) => string, separator = ','): string {
  const { formatRows } = dialect(separator, 'toCsv');
  const rows = rowsOf(list);
  let length = 0;
  const cells = rows.map((row) => {
    visit(1);
    return row.map((value) => {
      const text = textOf(value);
      visit(Math.floor(text.length / CHARACTERS_PER_VISIT));
      length += text.length;
      build(length, text.length);
      return text;
    });
  });
  return formatRows(cells);
}

function rowsOf(list: readonly unknown[]): readonly (readonly unknown[])[] {
  if (list.every(Array.isArray)) {
    for (const row of list as readonly (readonly unknown[])[]) visit(row.length);
    return list as readonly (readonly unknown[])[];
  }
  if (!list.every((row) => row instanceof Map)) throw new ExpressionFault('toCsv() needs a list of objects or a list of lists');
  const objects = list as readonly ReadonlyMap<string, unknown>[];
  const names = new Set<string>();
  for (const object of objects) {
    visit(object.size);
    for (const name of object.keys()) names.add(name);
  }
  visit(names.size * objects.length);
  return [[...names], ...objects.map((object) => Array.from(names, (name) => object.get(name) ?? ''))];
}
