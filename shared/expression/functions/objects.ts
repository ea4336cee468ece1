import { ExpressionFault } from '../expression-fault.ts';
import { visit } from '../metering/meter.ts';
import { defineFunctions } from './define.ts';

type Fields = ReadonlyMap<unknown, unknown>;
type List = readonly unknown[];

function entries(fields: Fields): List {
  return Array.from(fields, ([key, value]) => new Map([['key', key] as const, ['value', value] as const]));
}

function merge(fields: Fields, others: Fields): Fields {
  const merged = new Map(fields);
  for (const [name, value] of others) merged.set(name, value);
  return merged;
}

function pick(fields: Fields, names: List): Fields {
  const picked = new Map<unknown, unknown>();
  for (const name of names) {
    const value = fields.get(name);
    if (value !== undefined) picked.set(name, value);
  }
  return picked;
}

function omit(fields: Fields, names: List): Fields {
  const left = new Set(names);
  return new Map([...fields].filter(([name]) => !left.has(name)));
}

/** The reverse of `entries`. Also reads pairs, as `zip` returns them. */
function fromEntries(list: List): Fields {
  visit(list.length);
  return new Map(
    list.map((entry): [string, unknown] => {
      const [key, value] = Array.isArray(entry) ? (entry as List) : entry instanceof Map ? [entry.get('key'), entry.get('value')] : [];
      if (typeof key === 'string' || typeof key === 'number') return [String(key), value ?? null];
      throw new ExpressionFault('toObject() needs a list of pairs, or of objects with “key” and “value”');
    }),
  );
}

export const objectFunctions = defineFunctions('Objects', [
  {
    signature: 'object.keys()',
    doc: 'The names of the fields.',
    example: '{"a": 1, "b": 2}.keys()',
    result: ['a', 'b'],
    overloads: { 'map.keys(): list': (fields: Fields) => [...fields.keys()] },
  },
  {
    signature: 'object.values()',
    doc: 'The values of the fields.',
    example: '{"a": 1, "b": 2}.values()',
    result: [1, 2],
    overloads: { 'map.values(): list': (fields: Fields) => [...fields.values()] },
  },
  {
    signature: 'object.entries()',
    doc: 'The fields as a list of objects with “key” and “value”.',
    example: '{"a": 1}.entries()',
    result: [{ key: 'a', value: 1 }],
    overloads: { 'map.entries(): list': entries },
  },
  {
    signature: 'list.toObject()',
    doc: 'The object with these fields: pairs of name and value, or what entries returned.',
    example: '[["a", 1], ["b", 2]].toObject()',
    result: { a: 1, b: 2 },
    overloads: { 'list.toObject(): map': fromEntries },
  },
  {
    signature: 'object.merge(other)',
    doc: 'The fields of both objects. Those of the other one win.',
    example: '{"a": 1, "b": 2}.merge({"b": 3})',
    result: { a: 1, b: 3 },
    overloads: { 'map.merge(map): map': merge },
  },
  {
    signature: 'object.pick(names)',
    doc: 'The object with only these fields.',
    example: '{"a": 1, "b": 2}.pick(["a"])',
    result: { a: 1 },
    overloads: { 'map.pick(list): map': pick },
  },
  {
    signature: 'object.omit(names)',
    doc: 'The object without these fields.',
    example: '{"a": 1, "b": 2}.omit(["a"])',
    result: { b: 2 },
    overloads: { 'map.omit(list): map': omit },
  },
]);
