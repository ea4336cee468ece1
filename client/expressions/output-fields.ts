import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';

export interface OutputField {
  /** As an expression reads it: `steps.classify.label`. */
  readonly path: string;
  /** Readable type: `text`, `number`, `one of billing, refund`. */
  readonly type: string;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'yes or no',
  array: 'list',
  object: 'fields',
  null: 'nothing',
};
const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** Maximum number of fields, and of values of one field. */
const MAX_FIELDS = 100;
const MAX_VALUES = 12;

/** The readable fields of a JSON Schema below `root`, two levels deep, at most 100. */
export function outputFields(schema: JsonSchema, root: string, depth = 2): OutputField[] {
  const properties = isPlainObject(schema.properties) ? Object.entries(schema.properties).slice(0, MAX_FIELDS) : [];
  if (properties.length === 0) return [{ path: root, type: describeType(schema) }];
  const found = properties.flatMap(([name, inner]) => {
    const path = IDENTIFIER.test(name) ? `${root}.${name}` : `${root}[${JSON.stringify(name)}]`;
    const shape = isPlainObject(inner) ? inner : {};
    return depth > 1 ? outputFields(shape, path, depth - 1) : [{ path, type: describeType(shape) }];
  });
  return found.slice(0, MAX_FIELDS);
}

/** A readable type for a schema. */
export function describeType(schema: JsonSchema): string {
  if (Array.isArray(schema.enum)) {
    const more = schema.enum.length > MAX_VALUES ? ', …' : '';
    return `one of ${schema.enum.slice(0, MAX_VALUES).map(String).join(', ')}${more}`;
  }
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((type) => typeof type === 'string');
  if (types.length === 0) return 'any value';
  return types.map((type) => TYPES[type] ?? type).join(' or ');
}
