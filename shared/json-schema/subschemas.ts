import type { FieldPath } from '../graph/node-kind.ts';
import { isPlainObject } from '../json.ts';

export const ONE_SCHEMA = [
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'items',
  'contains',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
];
export const SCHEMA_LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
export const SCHEMA_MAPS = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies'];

/** Keywords whose schemas apply to the same value, not to its fields or items. */
const IN_PLACE = new Set(['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependentSchemas', 'dependencies']);

interface Subschema {
  readonly path: FieldPath;
  readonly schema: unknown;
  readonly inPlace: boolean;
}

/** The schemas directly inside a schema. */
export function subschemas(schema: Record<string, unknown>): Subschema[] {
  const found: Subschema[] = [];
  const add = (keyword: string, name: string | number | undefined, one: unknown): void => {
    found.push({ path: name === undefined ? [keyword] : [keyword, name], schema: one, inPlace: IN_PLACE.has(keyword) });
  };
  for (const keyword of SCHEMA_MAPS) {
    const map = schema[keyword];
    // `dependencies` may also list field names.
    if (isPlainObject(map)) for (const [name, one] of Object.entries(map)) if (keyword !== 'dependencies' || !Array.isArray(one)) add(keyword, name, one);
  }
  for (const keyword of ONE_SCHEMA) if (schema[keyword] !== undefined && !Array.isArray(schema[keyword])) add(keyword, undefined, schema[keyword]);
  for (const keyword of SCHEMA_LISTS) {
    const list = schema[keyword];
    if (Array.isArray(list)) for (const [index, one] of list.entries()) add(keyword, index, one);
  }
  return found;
}
