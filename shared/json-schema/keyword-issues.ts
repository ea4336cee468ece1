import { linearPattern } from '../expression/patterns/linear-pattern.ts';
import type { ParamIssue } from '../graph/node-kind.ts';
import { isBigIntegerText, isPlainObject } from '../json.ts';
import { ONE_SCHEMA, SCHEMA_LISTS, SCHEMA_MAPS } from './subschemas.ts';

/*
 * Mistakes in one schema, without the schemas inside it: keywords with an invalid value, or unsupported ones.
 */

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
const NUMBERS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];
const COUNTS = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'minContains', 'maxContains'];
const TEXTS = ['$id', '$schema', '$comment', 'format', 'title', 'description'];
/** Keywords that change how a schema is interpreted or found. */
const UNSUPPORTED = ['$async', '$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor', '$vocabulary'];
/** Pattern features that are not supported, because patterns must run in linear time. */
const NOT_LINEAR = /\(\?<?[=!]|\\[1-9]|\\k</;

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string');
const quoted = (value: unknown): string => `“${(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 100)}”`;

type Rule = readonly [names: readonly string[], fits: (value: unknown) => boolean, message: string, suggestion?: (name: string) => string];

const RULES: readonly Rule[] = [
  [NUMBERS, (value) => Number.isFinite(value) || isBigIntegerText(value), 'must be a number'],
  [COUNTS, isCount, 'must be a whole number, 0 or more'],
  [['multipleOf'], (value) => Number.isFinite(value) && Number(value) > 0, 'must be a number above 0'],
  [TEXTS, (value) => typeof value === 'string', 'must be text'],
  [['uniqueItems', 'nullable'], (value) => typeof value === 'boolean', 'must be true or false'],
  [['required'], isTexts, 'must be a list of field names', () => 'For example "required": ["message"]'],
  [['dependentRequired'], (value) => isPlainObject(value) && Object.values(value).every(isTexts), 'must contain lists of field names'],
  [['enum'], (value) => Array.isArray(value) && value.length > 0, 'must be a list with at least one value', () => 'For example "enum": ["small", "large"]'],
  [SCHEMA_LISTS, (value) => Array.isArray(value) && value.length > 0, 'must be a list of schemas', (name) => `For example "${name}": [{ "type": "string" }]`],
  [SCHEMA_MAPS, isPlainObject, 'must be an object of schemas by name'],
  [ONE_SCHEMA, (value) => !Array.isArray(value), 'must be one schema', () => 'For a list with a schema for each position, use "prefixItems"'],
  [['$anchor'], (value) => typeof value === 'string' && /^[A-Za-z_][\w.-]*$/.test(value), 'must be a name'],
];

type Finder = (value: unknown, name: string) => readonly ParamIssue[];

const FINDERS: ReadonlyMap<string, Finder> = new Map<string, Finder>([
  ...RULES.flatMap(([names, fits, message, suggestion]) =>
    names.map((name): [string, Finder] => [
      name,
      (value) => (fits(value) ? [] : [{ path: [name], message: `“${name}” ${message}`, ...(suggestion && { suggestion: suggestion(name) }) }]),
    ]),
  ),
  ...UNSUPPORTED.map((name): [string, Finder] => [
    name,
    () => [{ path: [name], message: `“${name}” is not supported`, suggestion: 'Remove it. References such as "#/$defs/customer" work.' }],
  ]),
  ['type', typeIssues],
  ['pattern', (value) => patternIssues(['pattern'], value)],
]);

/** The mistakes in one schema. `isWhole`: it is the top-level schema, not one inside it. */
export function keywordIssues(schema: Record<string, unknown>, isWhole: boolean): ParamIssue[] {
  const found: ParamIssue[] = [];
  for (const name of Object.keys(schema)) if (schema[name] !== undefined) found.push(...(FINDERS.get(name)?.(schema[name], name) ?? []));
  if (schema.$id !== undefined && !isWhole) found.push({ path: ['$id'], message: '“$id” is not supported inside a schema', suggestion: 'Remove it' });
  if (isPlainObject(schema.patternProperties)) {
    for (const source of Object.keys(schema.patternProperties)) found.push(...patternIssues(['patternProperties', source], source));
  }
  return found;
}

function typeIssues(type: unknown): ParamIssue[] {
  if (type === undefined) return [];
  const types = [type].flat();
  const unknown = types.find((one) => !TYPES.includes(one as string));
  if (unknown === undefined && types.length > 0) return [];
  return [{ path: ['type'], message: `${quoted(unknown ?? type)} is not a type`, suggestion: `Types are ${TYPES.join(', ')}` }];
}

function patternIssues(path: readonly string[], pattern: unknown): ParamIssue[] {
  if (pattern === undefined) return [];
  const wrong = typeof pattern === 'string' ? patternMistake(pattern) : 'syntax';
  if (wrong === undefined) return [];
  return wrong === 'syntax'
    ? [{ path, message: `${quoted(pattern)} is not a regular expression`, suggestion: 'For example "^[A-Z]{2}[0-9]{4}$"' }]
    : [{ path, message: wrong, suggestion: 'Combine several patterns in "allOf"' }];
}

function patternMistake(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'u');
  } catch {
    return 'syntax';
  }
  if (NOT_LINEAR.test(pattern)) return 'Patterns can’t use lookarounds or backreferences';
  try {
    linearPattern(pattern);
  } catch (thrown) {
    return `This pattern can’t be checked in linear time: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
  return undefined;
}
