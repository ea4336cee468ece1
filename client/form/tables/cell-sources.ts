import { isPlainObject } from '@switchyard/shared/json.ts';
import { type ColumnType, columnName } from '@switchyard/shared/tables/table.ts';
import { partsOfNode, type ValueNode } from '../values/value-tree.ts';

/** A value that a node can read, and the column it fits in. */
export interface CellSource {
  /** A valid name for a column, different from the others. */
  readonly name: string;
  readonly type: ColumnType;
  /** The template of the cell. */
  readonly value: string;
  /** What it reads, to show. */
  readonly expression: string;
  /** Most tables want it: a text, a number, or yes/no, and not what surrounds the item. */
  readonly isSuggested: boolean;
}

export interface CellOptions {
  /** How an expression reads a value that may be missing. Undefined if it never is. */
  readonly optional: (path: readonly string[]) => string | undefined;
}

const MOST = 30;
/** Parts of responses that are rarely wanted in a table. */
const TECHNICAL: readonly string[] = [
  ...['status', 'headers', 'model', 'demo', 'finishReason', 'reason', 'comment', 'reviewer'],
  ...['added', 'more', 'count', 'found', 'changed'],
];

/** What a node can write into a table: the item, the input, and the outputs of the steps before it. */
export function cellSources(top: readonly ValueNode[], { optional }: CellOptions): CellSource[] {
  const isInItem = top.some(({ expression }) => expression === 'item');
  const taken = new Set<string>();
  return top
    .flatMap((node): readonly Found[] => {
      if (node.expression === 'item') return isList(node) || !node.hasParts ? [{ node, name: 'Item', path: ['item'] }] : partsOf(node, ['item']);
      if (node.expression === 'input') return partsOf(node, ['input']);
      return node.expression.startsWith('steps.') ? partsOfStep(node) : [];
    })
    .slice(0, MOST)
    .map(({ node, name, path }) => ({
      name: freeName(name, taken),
      type: typeOf(node),
      value: `{{ ${optional(path) ?? node.expression} }}`,
      expression: node.expression,
      isSuggested: isScalar(node) && !(isInItem && path[0] === 'input') && !TECHNICAL.includes(path.at(-1) ?? ''),
    }));
}

interface Found {
  readonly node: ValueNode;
  readonly name: string;
  readonly path: readonly string[];
}

const partsOf = (node: ValueNode, path: readonly string[]): Found[] =>
  partsOfNode(node).map((part) => ({ node: part, name: part.name, path: [...path, part.name] }));

/** A text of a step has the name of the step. The parts of a JSON answer count like parts of the output. */
function partsOfStep(node: ValueNode): Found[] {
  const path = ['steps', node.name];
  const title = node.title ?? node.name;
  if (!node.hasParts || isList(node)) return [{ node, name: title, path }];
  return partsOf(node, path).flatMap((found) => {
    if (found.node.name === 'text') return [{ ...found, name: title }];
    const isAnswer = found.node.name === 'value' && found.node.hasParts && !isList(found.node);
    return isAnswer ? partsOf(found.node, found.path) : [found];
  });
}

const kindOf = ({ schema, value }: ValueNode): unknown => {
  if (value === undefined || value === null) return Array.isArray(schema.type) ? schema.type[0] : (schema.type ?? 'string');
  return Array.isArray(value) ? 'array' : isPlainObject(value) ? 'object' : typeof value;
};
const isList = (node: ValueNode): boolean => kindOf(node) === 'array';
const isScalar = (node: ValueNode): boolean => !['array', 'object'].includes(String(kindOf(node)));

const TYPES: Readonly<Record<string, ColumnType>> = { number: 'number', integer: 'number', boolean: 'boolean', array: 'json', object: 'json' };
const typeOf = (node: ValueNode): ColumnType => TYPES[String(kindOf(node))] ?? 'text';

/** `firstName` → “First name”, with a number if it is taken, or a field that every row has. */
function freeName(given: string, taken: Set<string>): string {
  const words = given
    .replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .replaceAll(/[^\p{L}\p{N}_ -]+|_+/gu, ' ')
    .trim()
    .slice(0, 50)
    .trim();
  const base = words === '' ? 'Value' : words.charAt(0).toUpperCase() + words.slice(1);
  let name = base;
  for (let number = 2; taken.has(name.toLowerCase()) || !columnName.safeParse(name).success; number++) name = `${base} ${number}`;
  taken.add(name.toLowerCase());
  return name;
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/** The template for a column: of the value with its name, or empty. */
export function cellFor(column: string, sources: readonly CellSource[]): string {
  const wanted = plain(column);
  const found = sources.find(({ name }) => plain(name) === wanted) ?? sources.find(({ expression }) => plain(expression.split('.').at(-1) ?? '') === wanted);
  return found?.value ?? '';
}
