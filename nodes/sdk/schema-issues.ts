import type { FieldPath, ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
const DEEPEST = 30;

const LISTS = ['enum', 'allOf', 'anyOf', 'oneOf'];
const NUMBERS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength', 'minItems', 'maxItems'];
/** What patterns cannot do here, as they must take no longer than the text is long: look ahead or back, refer back to a group. */
const NOT_LINEAR = /\(\?<?[=!]|\\[1-9]|\\k</;

/** The mistakes that people make when they write a JSON Schema by hand: a type that there is none of, fields that are no schemas. */
export function schemaIssues(path: FieldPath, schema: unknown, depth = 0, root: unknown = schema): ParamIssue[] {
  if (typeof schema === 'boolean' || depth > DEEPEST) return [];
  if (!isPlainObject(schema)) return [{ path, message: 'A schema is an object such as { "type": "string" }' }];
  const { type, properties, required, items } = schema;
  const below = (name: string, one: unknown): ParamIssue[] => schemaIssues([...path, name], one, depth + 1, root);
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
    ...Object.entries(isPlainObject(properties) ? properties : {}).flatMap(([name, one]) => schemaIssues([...path, 'properties', name], one, depth + 1, root)),
    ...(items === undefined ? [] : below('items', items)),
    ...wrongKinds(path, schema),
    ...patternIssues(path, schema.pattern),
    ...referenceIssues(path, schema.$ref, root),
  ];
}

const wrongKinds = (path: FieldPath, schema: Record<string, unknown>): ParamIssue[] => [
  ...LISTS.filter((name) => schema[name] !== undefined && !Array.isArray(schema[name])).map((name) => ({
    path: [...path, name],
    message: `\`${name}\` is a list`,
    suggestion: name === 'enum' ? 'For example "enum": ["small", "large"]' : `For example "${name}": [{ "type": "string" }]`,
  })),
  ...NUMBERS.filter((name) => schema[name] !== undefined && typeof schema[name] !== 'number').map((name) => ({
    path: [...path, name],
    message: `\`${name}\` is a number`,
  })),
];

function patternIssues(path: FieldPath, pattern: unknown): ParamIssue[] {
  if (pattern === undefined) return [];
  const at = [...path, 'pattern'];
  if (typeof pattern !== 'string' || !isPattern(pattern)) {
    return [{ path: at, message: `${JSON.stringify(pattern)} is not a regular expression`, suggestion: 'For example "^[A-Z]{2}[0-9]{4}$"' }];
  }
  if (!NOT_LINEAR.test(pattern)) return [];
  return [{ path: at, message: 'A pattern cannot look ahead or back, or refer back to a group', suggestion: 'Say it with several patterns in "allOf"' }];
}

function isPattern(text: string): boolean {
  try {
    return Boolean(new RegExp(text, 'u'));
  } catch {
    return false;
  }
}

function referenceIssues(path: FieldPath, reference: unknown, root: unknown): ParamIssue[] {
  if (reference === undefined || leadsSomewhere(reference, root)) return [];
  const message = `The reference ${JSON.stringify(reference)} leads nowhere`;
  return [{ path: [...path, '$ref'], message, suggestion: 'References stay within the schema, such as "#/$defs/customer"; nothing is fetched' }];
}

function leadsSomewhere(reference: unknown, root: unknown): boolean {
  if (typeof reference !== 'string' || !reference.startsWith('#')) return false;
  // `#name` is an anchor; whether it is there is seen when the schema is compiled.
  if (!/^#(\/|$)/.test(reference)) return true;
  const steps = reference.split('/').slice(1);
  const found = steps.reduce<unknown>((node, step) => {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return (isPlainObject(node) || Array.isArray(node)) && Object.hasOwn(node, name) ? (node as Record<string, unknown>)[name] : undefined;
  }, root);
  return found !== undefined;
}
