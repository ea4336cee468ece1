import { isPlainObject } from '@switchyard/shared/json.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? '');

/** Below this depth, only the type of a value is shown. */
const DEEPEST = 4;

/** Describes a JSON Schema briefly: `text`, `whole number, 1 to 1000`, `one of “a”, “b”`. */
export function schemaHtml(schema: unknown): string {
  return escapeHtml(kindWords(schema));
}

/** A JSON Schema as a list of its fields, with nested lists for objects. */
export const bodyHtml = (schema: unknown, depth = 0): string => {
  const fields = fieldsOf(schema);
  if (fields.length === 0 || depth >= DEEPEST) return depth === 0 ? `<p>${schemaHtml(schema)}</p>` : '';
  return `<ul>${fields
    .map(
      ({ name, required, own }) => `<li><code>${escapeHtml(name)}</code>${required ? '' : ' (optional)'}: ${schemaHtml(own)}${bodyHtml(own, depth + 1)}</li>`,
    )
    .join('')}</ul>`;
};

interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly own: unknown;
}

function fieldsOf(schema: unknown): Field[] {
  if (!isPlainObject(schema)) return [];
  if (isPlainObject(schema.items)) return fieldsOf(schema.items);
  const object = Array.isArray(schema.anyOf) ? schema.anyOf.find((choice) => isPlainObject(choice) && isPlainObject(choice.properties)) : schema;
  if (!isPlainObject(object) || !isPlainObject(object.properties)) return [];
  const required = Array.isArray(object.required) ? object.required : [];
  return Object.entries(object.properties).map(([name, own]) => ({ name, own, required: required.includes(name) }));
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  null: 'null',
  object: 'object',
};

function kindWords(schema: unknown): string {
  if (!isPlainObject(schema)) return 'anything';
  if (Array.isArray(schema.enum)) return `one of ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}`;
  if ('const' in schema) return JSON.stringify(schema.const);
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return [...new Set(choices.map(kindWords))].join(' or ');
  if (schema.type === 'array') return `list of ${kindWords(schema.items)}`;
  const name = NAMES[String(schema.type)];
  if (name === undefined) return 'anything';
  if (schema.type === 'string')
    return [schema.format === 'date-time' ? 'time (ISO 8601, UTC)' : name, ...limits('characters', schema.minLength, schema.maxLength)].join(', ');
  return [
    name,
    ...limits('', schema.minimum, schema.maximum),
    ...(schema.default === undefined ? [] : [`${JSON.stringify(schema.default)} unless given`]),
  ].join(', ');
}

/** Limits that come from how numbers are stored are left out. */
function limits(unit: string, least: unknown, most: unknown): string[] {
  const low = typeof least === 'number' && least > Number.MIN_SAFE_INTEGER ? least : undefined;
  const high = typeof most === 'number' && most < Number.MAX_SAFE_INTEGER ? most : undefined;
  const words =
    low !== undefined && high !== undefined ? `${low} to ${high}` : high !== undefined ? `at most ${high}` : low !== undefined ? `at least ${low}` : '';
  return words === '' ? [] : [unit === '' ? words : `${words} ${unit}`];
}
