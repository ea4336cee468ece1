import { FILE_FORMAT, isFileListSchema, isFileSchema } from '@switchyard/shared/files/file-schema.ts';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';

/** A field of an object schema, as a row of the simple editor. */
export interface SchemaField {
  readonly name: string;
  /** `text`, `number`, …, or `other` for what the simple editor can’t express. */
  readonly kind: SchemaKind;
  readonly required: boolean;
  readonly description: string;
  /** Its full schema. Everything that the row does not show stays in it. */
  readonly schema: JsonSchema;
}

export const SCHEMA_KINDS = {
  text: { label: 'Text', schema: { type: 'string' } },
  number: { label: 'Number', schema: { type: 'number' } },
  integer: { label: 'Whole number', schema: { type: 'integer' } },
  boolean: { label: 'Yes or no', schema: { type: 'boolean' } },
  date: { label: 'Date and time', schema: { type: 'string', format: 'date-time' } },
  email: { label: 'Email', schema: { type: 'string', format: 'email' } },
  file: { label: 'File', schema: { type: 'object', format: FILE_FORMAT } },
  files: { label: 'Files', schema: { type: 'array', items: { type: 'object', format: FILE_FORMAT } } },
  object: { label: 'Fields', schema: { type: 'object' } },
  list: { label: 'List', schema: { type: 'array' } },
  any: { label: 'Anything', schema: {} },
  other: { label: 'Other (edit as JSON)', schema: {} },
} as const satisfies Record<string, { label: string; schema: JsonSchema }>;
export type SchemaKind = keyof typeof SCHEMA_KINDS;

/** More rows would make the form slow. */
const MAX_ROWS = 200;

/** The rows of a schema. Undefined if it is not an object with fields, or has very many: then only its JSON can be edited. */
export function fieldsOf(schema: unknown): SchemaField[] | undefined {
  if (!isPlainObject(schema)) return undefined;
  if (schema.type !== 'object' && Object.keys(schema).length > 0) return undefined;
  const properties = isPlainObject(schema.properties) ? schema.properties : {};
  if (Object.keys(properties).length > MAX_ROWS) return undefined;
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  return Object.entries(properties).map(([name, inner]) => {
    const shape = isPlainObject(inner) ? inner : {};
    return {
      name,
      kind: kindOf(shape),
      required: required.has(name),
      description: typeof shape.description === 'string' ? shape.description : '',
      schema: shape,
    };
  });
}

function kindOf(schema: JsonSchema): SchemaKind {
  if (schema.type === 'string') return schema.format === 'date-time' ? 'date' : schema.format === 'email' ? 'email' : 'text';
  if (isFileSchema(schema)) return 'file';
  if (isFileListSchema(schema)) return 'files';
  if (schema.type === 'number' || schema.type === 'integer' || schema.type === 'boolean' || schema.type === 'object') return schema.type;
  if (schema.type === 'array') return 'list';
  const says = Object.keys(schema).filter((name) => name !== 'description');
  return says.length === 0 ? 'any' : 'other';
}

/** The schema with these rows. Everything else in it is kept. */
export function withFields(schema: unknown, fields: readonly SchemaField[]): JsonSchema {
  const { required: _, ...rest } = isPlainObject(schema) ? schema : {};
  const required = fields.filter((field) => field.required && field.name !== '').map((field) => field.name);
  return {
    ...rest,
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, field.schema])),
    ...(required.length > 0 && { required }),
  };
}

/** A row with another type. Its description stays, and what belonged to the old type goes. */
export function withKind(field: SchemaField, kind: SchemaKind): SchemaField {
  if (kind === field.kind || kind === 'other') return field;
  const schema = { ...SCHEMA_KINDS[kind].schema, ...(field.description !== '' && { description: field.description }) };
  return { ...field, kind, schema };
}

export function withDescription(field: SchemaField, description: string): SchemaField {
  const { description: _, ...rest } = field.schema;
  return { ...field, description, schema: description === '' ? rest : { ...rest, description } };
}

/** An unused name for a new row. */
export function freeName(fields: readonly SchemaField[], stem = 'field'): string {
  const taken = new Set(fields.map((field) => field.name));
  let name = stem;
  for (let number = 2; taken.has(name); number++) name = `${stem}${number}`;
  return name;
}
