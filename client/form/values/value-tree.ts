import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { isBlobRef } from '@switchyard/shared/run/blob.ts';
import { describeValue } from '../../expressions/describe-value.ts';
import { describeType } from '../../expressions/output-fields.ts';

/** A value that expressions can read, or a part of one. */
export interface ValueNode {
  /** How an expression reads it: `steps.orders.items[0]`. Also its ID. */
  readonly expression: string;
  readonly name: string;
  /** The title of its node, at the top. */
  readonly title?: string | undefined;
  readonly level: number;
  /** Its value in the run, or its type if there is none. */
  readonly detail: string;
  readonly isKnown: boolean;
  readonly hasParts: boolean;
  readonly schema: JsonSchema;
  readonly value: unknown;
}

/** Items of a list and fields of an object that are listed. The others can be written by hand. */
const MOST_ITEMS = 3;
const MOST_FIELDS = 50;
const MOST_FOUND = 60;
const SEARCHED_LEVELS = 5;
const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** The values at the top: the input, each step that comes before by its key, and the rest of the scope. */
export function topValues(scope: JsonSchema, data: Readonly<Record<string, unknown>>, titleOf: (key: string) => string | undefined): ValueNode[] {
  return fieldsOf(scope, data).flatMap(([name, schema, value]) => {
    if (name === 'steps' || name === 'previous')
      return fieldsOf(schema, value)
        .filter(([key]) => isPlainObject(schema.properties) && Object.hasOwn(schema.properties, key))
        .map(([key, shape, output]) =>
          nodeOf({
            expression: `${name}.${key}`,
            name: name === 'steps' ? key : `previous.${key}`,
            title: titleOf(key),
            level: 0,
            schema: shape,
            value: output,
          }),
        );
    return [nodeOf({ expression: name, name, level: 0, schema, value })];
  });
}

type Bare = Pick<ValueNode, 'expression' | 'name' | 'title' | 'level' | 'schema' | 'value'>;

function nodeOf(bare: Bare): ValueNode {
  const { value } = bare;
  const schema = shapeOf(bare.schema);
  const isKnown = value !== undefined;
  return { ...bare, schema, isKnown, detail: isKnown ? describeValue(value, 40) : describeType(schema), hasParts: partsOf(schema, value).length > 0 };
}

/** The parts of a value: its fields, or the first items of a list. */
export const partsOfNode = (node: ValueNode): ValueNode[] =>
  partsOf(node.schema, node.value).map(([name, schema, value]) => {
    const part = typeof name === 'number' ? `[${name}]` : IDENTIFIER.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
    return nodeOf({ expression: `${node.expression}${part}`, name: typeof name === 'number' ? part : name, level: node.level + 1, schema, value });
  });

type Part = readonly [name: string | number, schema: JsonSchema, value: unknown];

function partsOf(schema: JsonSchema, value: unknown): Part[] {
  if (isBlobRef(value)) return [];
  const items = isPlainObject(schema.items) ? schema.items : {};
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item, index) => [index, items, item] as const);
  if (value === undefined && schema.type === 'array') return [[0, items, undefined]];
  return value === undefined || isPlainObject(value) ? fieldsOf(schema, value) : [];
}

function fieldsOf(schema: JsonSchema, value: unknown): (readonly [string, JsonSchema, unknown])[] {
  const properties = isPlainObject(schema.properties) ? schema.properties : {};
  const own = isPlainObject(value) ? value : {};
  const names = [...new Set([...Object.keys(properties), ...Object.keys(own)])].slice(0, MOST_FIELDS);
  return names.map((name) => {
    const shape = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return [name, isPlainObject(shape) ? shape : {}, Object.hasOwn(own, name) ? own[name] : undefined] as const;
  });
}

/** A step with an error port has one of two shapes. The first is its output. */
const shapeOf = (schema: JsonSchema): JsonSchema => (Array.isArray(schema.anyOf) && isPlainObject(schema.anyOf[0]) ? schema.anyOf[0] : schema);

/** The nodes to show: those at the top and the parts of open ones. With a search, all that match in their name or value. */
export function visibleValues(top: readonly ValueNode[], open: ReadonlySet<string>, search: string): ValueNode[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return top.flatMap((node) => [node, ...(open.has(node.expression) ? visibleValues(partsOfNode(node), open, '') : [])]);
  const found: ValueNode[] = [];
  const look = (nodes: readonly ValueNode[]): void => {
    for (const node of nodes) {
      if (found.length >= MOST_FOUND) return;
      const text = `${node.expression} ${node.title ?? ''} ${node.hasParts ? '' : node.detail}`.toLowerCase();
      if (words.every((word) => text.includes(word))) found.push(node);
      if (node.level < SEARCHED_LEVELS) look(partsOfNode(node));
    }
  };
  look(top);
  return found;
}
