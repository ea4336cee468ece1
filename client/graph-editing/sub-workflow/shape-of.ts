import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';

const DEEPEST = 5;
const MOST_FIELDS = 50;

/**
 * The known shape of values: types and fields, without their limits and formats. Empty where a schema has alternatives or refers to
 * another one.
 */
export function shapeOf(schema: unknown, depth = 0): JsonSchema {
  if (!isPlainObject(schema) || depth > DEEPEST) return {};
  if (['$ref', 'anyOf', 'oneOf', 'allOf', 'not'].some((name) => schema[name] !== undefined)) return {};
  const { type, properties, items, required, description } = schema;
  const fields = isPlainObject(properties) ? Object.entries(properties).slice(0, MOST_FIELDS) : undefined;
  const names = new Set(fields?.map(([name]) => name));
  const needed = Array.isArray(required) ? required.filter((name) => names.has(name)) : [];
  return {
    ...(type !== undefined && { type }),
    ...(typeof description === 'string' && { description }),
    ...(fields && { properties: Object.fromEntries(fields.map(([name, field]) => [name, shapeOf(field, depth + 1)])) }),
    ...(needed.length > 0 && { required: needed }),
    ...(items !== undefined && { items: shapeOf(items, depth + 1) }),
  };
}
