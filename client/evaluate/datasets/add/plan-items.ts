import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { importDatasetItems } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { looksLikeJson } from '@switchyard/shared/expression/json-tree.ts';
import { type CsvFile, guessType } from '@switchyard/shared/tables/read-csv.ts';

/* What the columns of a CSV file become in items. */

export const ROLES = [
  { value: 'input', label: 'Input' },
  { value: 'input-field', label: 'Field of the input' },
  { value: 'expected', label: 'Expected' },
  { value: 'expected-field', label: 'Field of expected' },
  { value: 'tags', label: 'Tags' },
  { value: 'skip', label: 'Leave out' },
] as const;
export type Role = (typeof ROLES)[number]['value'];

const KNOWN: Readonly<Record<string, Role>> = { input: 'input', expected: 'expected', output: 'expected', tags: 'tags', tag: 'tags' };

/** By default, columns are used by their name, and others are fields of the input. */
export const rolesOf = ({ names }: CsvFile): Role[] => names.map((name) => KNOWN[name.trim().toLowerCase()] ?? 'input-field');

/** Why columns can’t be imported like this. */
export function rolesProblem(roles: readonly Role[]): string | undefined {
  const count = (role: Role) => roles.filter((one) => one === role).length;
  if (count('input') + count('input-field') === 0) return 'Choose a column for the input.';
  for (const [whole, field, name] of [
    ['input', 'input-field', 'input'],
    ['expected', 'expected-field', 'expected value'],
  ] as const) {
    if (count(whole) > 1) return `Only one column can be the whole ${name}.`;
    if (count(whole) === 1 && count(field) > 0) return `The ${name} is either one column, or has fields.`;
  }
  return undefined;
}

type ImportedItem = BodyOf<typeof importDatasetItems>['items'][number];

/** The rows of a file as items. Numbers, yes and no, and JSON are read where a whole column has them. */
export function itemsOf(file: CsvFile, roles: readonly Role[]): ImportedItem[] {
  const columns = file.names.map((name, index) => ({ name: name.trim(), index, role: roles[index] ?? 'skip', read: readerOf(file, index) }));
  const of = (role: Role) => columns.filter((column) => column.role === role);
  return file.rows.map(({ line, cells }) => {
    const cell = (index: number): string => cells[index] ?? '';
    const partOf = (whole: Role, field: Role): unknown => {
      const [column] = of(whole);
      if (column) return cell(column.index) === '' ? undefined : column.read(cell(column.index));
      const filled = of(field).filter(({ index }) => cell(index) !== '');
      return filled.length === 0 ? undefined : Object.fromEntries(filled.map(({ name, index, read }) => [name, read(cell(index))]));
    };
    const expected = partOf('expected', 'expected-field');
    const tags = of('tags').flatMap(({ index }) => cell(index).split(/[,;\n]/));
    return {
      line,
      input: partOf('input', 'input-field') ?? '',
      ...(expected !== undefined && { expected }),
      tags: tags
        .map((tag) => tag.trim().slice(0, 50))
        .filter((tag) => tag !== '')
        .slice(0, 20),
    };
  });
}

type Reader = (text: string) => unknown;

function readerOf({ rows, separator }: CsvFile, index: number): Reader {
  const type = guessType(
    rows.map(({ cells }) => cells[index] ?? ''),
    separator,
  );
  if (type === 'number') return (text) => Number(text.trim().replace(',', '.'));
  if (type === 'boolean') return (text) => /^(?:true|yes)$/i.test(text.trim());
  return (text) => (looksLikeJson(text) ? jsonOf(text) : text);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const AT_ONCE = 200;
/** Characters of one request, well below the limit of the API. */
const MOST_CHARACTERS = 2_000_000;

/** Items in requests of bounded size. */
export function* partsOf(items: readonly ImportedItem[]): Generator<ImportedItem[]> {
  let part: ImportedItem[] = [];
  let characters = 0;
  for (const item of items) {
    const more = JSON.stringify(item).length;
    if (part.length > 0 && (part.length === AT_ONCE || characters + more > MOST_CHARACTERS)) {
      yield part;
      part = [];
      characters = 0;
    }
    characters += more;
    part.push(item);
  }
  if (part.length > 0) yield part;
}
