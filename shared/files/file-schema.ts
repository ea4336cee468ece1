import { isPlainObject, type JsonSchema } from '../json.ts';

/** The format that says *file* in a schema: `{"type": "object", "format": "file"}`. */
export const FILE_FORMAT = 'file';

/** The schema of a file, as expressions see it. */
export const FILE_SCHEMA: JsonSchema = {
  type: 'object',
  format: FILE_FORMAT,
  properties: { name: { type: 'string' }, type: { type: 'string' }, bytes: { type: 'integer' }, id: { type: 'string' } },
  required: ['name', 'type', 'bytes', 'id'],
};

const typesOf = ({ type }: JsonSchema): readonly unknown[] => [type].flat().filter((one) => one !== 'null');

/** Whether a schema asks for a file. */
export const isFileSchema = (schema: unknown): boolean => isPlainObject(schema) && schema.format === FILE_FORMAT && typesOf(schema)[0] === 'object';

/** Whether a schema asks for a list of files. */
export const isFileListSchema = (schema: unknown): boolean => isPlainObject(schema) && typesOf(schema)[0] === 'array' && isFileSchema(schema.items);

/** The schema of an object in which each file, also in a list, has the fields of one. */
export function withFileFields(schema: JsonSchema): JsonSchema {
  if (!isPlainObject(schema.properties)) return schema;
  const properties = Object.entries(schema.properties).map(([name, property]): [string, unknown] => [name, withOwnFields(property)]);
  return properties.some(([name, property]) => property !== (schema.properties as JsonSchema)[name])
    ? { ...schema, properties: Object.fromEntries(properties) }
    : schema;
}

function withOwnFields(schema: unknown): unknown {
  if (isFileSchema(schema)) return { ...FILE_SCHEMA, ...(schema as JsonSchema) };
  if (isFileListSchema(schema)) return { ...(schema as JsonSchema), items: withOwnFields((schema as JsonSchema).items) };
  return schema;
}

/** The types that a schema of a file or of files accepts: `["image/*", "application/pdf"]`. Empty for any. */
export function acceptedTypes(schema: JsonSchema): string[] {
  const { contentMediaType } = isPlainObject(schema.items) ? schema.items : schema;
  return typeof contentMediaType === 'string'
    ? contentMediaType
        .split(',')
        .map((type) => type.trim().toLowerCase())
        .filter((type) => type !== '')
    : [];
}

/** Whether a type is one of those: `image/*` means all images, and no types mean any. */
export const acceptsType = (accepted: readonly string[], type: string): boolean =>
  accepted.length === 0 || accepted.some((one) => one === '*/*' || one === type || (one.endsWith('/*') && type.startsWith(one.slice(0, -1))));
