import type { FieldPath, ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
const DEEPEST = 30;

/** The mistakes that people make when they write a JSON Schema by hand: a type that there is none of, fields that are no schemas. */
export function schemaIssues(path: FieldPath, schema: unknown, depth = 0): ParamIssue[] {
  if (typeof schema === 'boolean' || depth > DEEPEST) return [];
  if (!isPlainObject(schema)) return [{ path, message: 'A schema is an object such as { "type": "string" }' }];
  const { type, properties, required, items } = schema;
  const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
  const unknownType = types.find((one) => !TYPES.includes(one as string));
  return [
    ...(unknownType === undefined
      ? []
      : [{ path: [...path, 'type'], message: `There is no type ${JSON.stringify(unknownType)}`, suggestion: `Types are ${TYPES.join(', ')}` }]),
    ...(required === undefined || (Array.isArray(required) && required.every((name) => typeof name === 'string'))
      ? []
      : [{ path: [...path, 'required'], message: '`required` is a list of field names', suggestion: 'For example "required": ["message"]' }]),
    ...(properties === undefined || isPlainObject(properties) ? [] : [{ path: [...path, 'properties'], message: '`properties` holds the fields by name' }]),
    ...Object.entries(isPlainObject(properties) ? properties : {}).flatMap(([name, one]) => schemaIssues([...path, 'properties', name], one, depth + 1)),
    ...(items === undefined ? [] : schemaIssues([...path, 'items'], items, depth + 1)),
  ];
}
