import { acceptedTypes, isFileListSchema, isFileSchema } from '../files/file-schema.ts';
import { isPlainObject, type JsonSchema } from '../json.ts';

/** A field of a form, from a property of the input schema. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly help: string | undefined;
  readonly isRequired: boolean;
  readonly kind:
    | 'text'
    | 'long-text'
    | 'email'
    | 'url'
    | 'date'
    | 'date-time'
    | 'number'
    | 'integer'
    | 'boolean'
    | 'choice'
    | 'lines'
    | 'json'
    | 'file'
    | 'files';
  readonly choices: readonly string[];
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Types of files that are accepted. Empty for any. */
  readonly accepts: readonly string[];
}

/** Texts longer than this get a large field. */
const SHORT = 200;

/** The fields of a form, in the order of the schema. */
export function formFields(schema: JsonSchema): FormField[] {
  const properties = isPlainObject(schema.properties) ? Object.entries(schema.properties) : [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return properties.map(([name, given]) => {
    const property = isPlainObject(given) ? given : {};
    return {
      name,
      label: textOf(property.title) ?? labelOf(name),
      help: textOf(property.description),
      isRequired: required.includes(name),
      kind: kindOf(property),
      choices: Array.isArray(property.enum) ? property.enum.map(String) : [],
      min: numberOf(property.minimum),
      max: numberOf(property.maximum),
      accepts: acceptedTypes(property),
    };
  });
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** `orderNumber` as “Order number”. */
const labelOf = (name: string): string => {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const FORMATS: Readonly<Record<string, FormField['kind']>> = { email: 'email', uri: 'url', date: 'date', 'date-time': 'date-time' };

function kindOf(property: Readonly<Record<string, unknown>>): FormField['kind'] {
  const types = [property.type].flat().filter((type) => type !== 'null');
  const type = types.length === 1 ? types[0] : undefined;
  if (Array.isArray(property.enum)) return 'choice';
  if (type === 'number' || type === 'integer' || type === 'boolean') return type;
  if (isFileListSchema(property)) return 'files';
  if (isFileSchema(property)) return 'file';
  if (type === 'array') return isPlainObject(property.items) && property.items.type === 'string' ? 'lines' : 'json';
  if (type === 'object') return 'json';
  const format = FORMATS[String(property.format)];
  if (format) return format;
  const isShort = typeof property.maxLength === 'number' && property.maxLength <= SHORT;
  return isShort || /name|title|number|phone|city|zip|code|id$/i.test(String(property.title ?? '')) ? 'text' : 'long-text';
}
