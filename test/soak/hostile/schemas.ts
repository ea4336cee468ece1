import type { Dice } from './dice.ts';
import { hostileText } from './texts.ts';

/* JSON Schemas that are slow to read, to compile, or to check a value against. */

type Schema = Record<string, unknown>;
type Kind = (dice: Dice) => Schema;

const FORMATS = [
  'url',
  'uri',
  'uri-reference',
  'email',
  'date-time',
  'date',
  'time',
  'duration',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
  'regex',
  'json-pointer',
  'iri',
];
const PATTERNS = [
  '^(a+)+$',
  '(a|a)*b',
  '(.*)*x',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(?:a{0,999}){0,99}',
  '\\p{L}+$',
  `${'(a?)'.repeat(200)}a`,
  '(x+x+)+y',
  '[',
  `a{1000}`,
];

/** `levels` definitions that each refer twice to the next. */
const tree = (levels: number, join: (a: Schema, b: Schema) => Schema, leaf: Schema = { type: 'string' }): Schema => ({
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    Array.from({ length: levels }, (_, at) => [`d${at}`, at === levels - 1 ? leaf : join({ $ref: `#/$defs/d${at + 1}` }, { $ref: `#/$defs/d${at + 1}` })]),
  ),
});
const nested = (levels: number, around: (inner: Schema) => Schema): Schema => Array(levels).fill(0).reduce<Schema>(around, { type: 'string' });
const listed = (count: number, of: (index: number) => unknown): unknown[] => Array.from({ length: count }, (_, index) => of(index));
const named = (count: number, of: (index: number) => unknown): Schema =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, of(index)]));

const KINDS: Readonly<Record<string, Kind>> = {
  'a tree of allOf': (dice) => tree(10 + dice.below(40), (a, b) => ({ allOf: [a, b] })),
  'a tree of anyOf': (dice) => tree(10 + dice.below(40), (a, b) => ({ anyOf: [a, b] })),
  'a tree of oneOf': (dice) => tree(10 + dice.below(40), (a, b) => ({ oneOf: [a, b] })),
  'a tree of properties': (dice) => tree(10 + dice.below(40), (a, b) => ({ type: 'object', properties: { a, b }, required: ['a'] })),
  'a tree of if and else': (dice) => tree(10 + dice.below(30), (a, b) => ({ if: a, else: b })),
  'recursive anyOf': () => ({
    $defs: { n: { anyOf: [{ type: 'array', items: { $ref: '#/$defs/n' } }, { type: 'array', items: { $ref: '#/$defs/n' } }, { type: 'null' }] } },
    properties: { s: { $ref: '#/$defs/n' }, xs: { $ref: '#/$defs/n' }, a: { $ref: '#' } },
  }),
  'recursive alternatives that never match': (dice) => ({
    $defs: {
      n: {
        [dice.below(2) === 0 ? 'anyOf' : 'oneOf']: ['x', 'y', 'z'].map((name) => ({ properties: { a: { $ref: '#/$defs/n' } }, required: [name] })),
      },
    },
    $ref: '#/$defs/n',
  }),
  'a list of itself': () => ({ $ref: '#/$defs/l', $defs: { l: { type: 'array', items: { $ref: '#/$defs/l' } } } }),
  'recursive objects': () => ({
    type: 'object',
    additionalProperties: { anyOf: [{ $ref: '#' }, { type: 'array', items: { $ref: '#' } }, { type: 'string' }] },
  }),
  'a reference to itself': () => ({ $ref: '#' }),
  'references in a circle': (dice) => ({ $ref: '#/$defs/k0', $defs: named(500, (index) => ({ $ref: `#/$defs/k${(index + 1) % (400 + dice.below(100))}` })) }),
  'a long chain of references': () => ({ $ref: '#/$defs/k0', $defs: named(10_000, (index) => ({ $ref: `#/$defs/k${index + 1}` })) }),
  anchors: () => ({ $dynamicRef: '#k1', $defs: named(5_000, (index) => ({ $dynamicAnchor: `k${index}`, type: 'object' })) }),
  asynchronous: () => ({ $async: true, type: 'object', required: ['x'] }),
  'a bad reference': (dice) => ({ $ref: dice.pick(['#/$defs/%', '#/$defs/~', 'http://127.0.0.1/x', '#/__proto__', '#/%00', `#/${'a/'.repeat(50_000)}`]) }),
  deep: (dice) => nested(dice.pick([50, 500, 2_000]), (inner) => ({ type: 'object', properties: { a: inner } })),
  'deep not': (dice) => nested(dice.pick([50, 500, 2_000]), (not) => ({ not })),
  'deep allOf': (dice) => nested(dice.pick([50, 500, 2_000]), (inner) => ({ allOf: [inner, { minLength: 1 }] })),
  'a slow pattern': (dice) => ({ properties: { s: { type: 'string', pattern: dice.pick(PATTERNS) }, xs: { items: { pattern: dice.pick(PATTERNS) } } } }),
  'many patterns': (dice) => ({ properties: { s: { allOf: listed(3_000, (index) => ({ pattern: `${dice.pick(PATTERNS.slice(0, 3))}${index}` })) } } }),
  'a huge pattern': (dice) => ({ properties: { s: { pattern: dice.pick(['(a|b)', 'a{9}', '[a-z]', '\\w+']).repeat(20_000) } } }),
  'many pattern properties': () => ({
    patternProperties: Object.fromEntries(listed(2_000, (index) => [`^(k|${index})*$`, { type: 'number' }]) as [string, Schema][]),
  }),
  'a format': (dice) => ({ properties: { s: { type: 'string', format: dice.pick(FORMATS) }, xs: { items: { format: dice.pick(FORMATS) } } } }),
  'all formats': () => ({ properties: { s: { allOf: FORMATS.map((format) => ({ format })) } } }),
  'a long enum': (dice) => ({
    properties: { xs: { items: { enum: listed(20_000, (index) => ({ id: index })) } }, s: { enum: listed(5_000, (index) => `${index}${dice.below(9)}`) } },
  }),
  'many required fields': () => ({
    properties: { xs: { items: { required: listed(2_000, (index) => `k${index}`) } } },
    required: listed(20_000, (index) => `k${index}`),
  }),
  'many properties': () => ({ type: 'object', properties: named(15_000, () => ({ type: 'object', additionalProperties: false })) }),
  'many branches': () => ({ properties: { xs: { items: { anyOf: listed(3_000, (index) => ({ type: 'object', required: [`k${index}`] })) } } } }),
  'unique items': () => ({ properties: { xs: { uniqueItems: true, items: { uniqueItems: true } } }, unevaluatedProperties: false }),
  contains: () => ({ properties: { xs: { contains: { contains: { const: 1 } }, minContains: 5, unevaluatedItems: false } } }),
  'special names': () =>
    JSON.parse(
      '{"properties":{"__proto__":{"type":"string"},"constructor":{"type":"number"}},"required":["__proto__"],"$defs":{"__proto__":{}},"$ref":"#/$defs/__proto__"}',
    ) as Schema,
  'wrong types': (dice) => ({
    type: dice.pick(['strin', '', 7, [], ['string', 'string'], null]),
    items: 5,
    properties: [1],
    required: 'x',
    enum: {},
    multipleOf: 0,
    pattern: 3,
  }),
  'long annotations': (dice) => ({
    title: hostileText(dice, 200_000),
    description: hostileText(dice, 200_000),
    properties: { [hostileText(dice, 100_000)]: {} },
  }),
};

/** One of these schemas, with the name of its kind. */
export function hostileSchema(dice: Dice): { what: string; schema: Schema } {
  const what = dice.pick(Object.keys(KINDS));
  return { what, schema: KINDS[what]?.(dice) ?? {} };
}
