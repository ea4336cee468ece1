import type { FieldError } from '@switchyard/shared/errors.ts';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { Meter, TooMuchWork } from '@switchyard/shared/json-schema/meter.ts';
import { followed } from '@switchyard/shared/json-schema/references.ts';
import { type Admission, admit, type Validate } from './admit.ts';

/*
 * Compares an input that has {{ expressions }} with the Input node that will get it. Reports only what is wrong whatever the expressions
 * evaluate to: missing and unknown fields, fixed values, and types that can’t fit.
 */

export interface Fitting {
  readonly admission: Admission;
  /** The schema of a template’s value. Undefined if unknown. */
  readonly schemaOf: (template: string) => JsonSchema | undefined;
  readonly validate: Validate;
}

interface Walk extends Fitting {
  readonly meter: Meter;
}

const MOST_ERRORS = 20;

/** The errors that this input is certain to get, at most 20. */
export function certainErrors(input: unknown, fitting: Fitting): FieldError[] {
  try {
    return walk(input, fitting.admission.schema, '', { ...fitting, meter: new Meter() }).slice(0, MOST_ERRORS);
  } catch (thrown) {
    // It is validated in full when the run starts.
    if (thrown instanceof TooMuchWork) return [];
    throw thrown;
  }
}

const COMBINING = ['anyOf', 'oneOf', 'allOf', 'not', 'if'];

function walk(tree: unknown, of: unknown, path: string, walking: Walk): FieldError[] {
  walking.meter.spend(10);
  const { admission } = walking;
  const schema = followed(of, admission.schema);
  if (!hasExpressions(tree, walking.meter)) return fixedErrors(tree, schema, path, walking);
  if (COMBINING.some((name) => schema[name] !== undefined)) return [];
  const types = typesOf(schema);
  if (typeof tree === 'string') return templateErrors(tree, types, path, walking);
  if (Array.isArray(tree)) {
    if (types.length > 0 && !types.includes('array')) return [misfit(path, types, 'array')];
    return tree.flatMap((item, index) => walk(item, schema.items, below(path, index), walking));
  }
  if (!isPlainObject(tree)) return [];
  if (types.length === 0 || types.includes('object')) return objectErrors(tree, schema, path, walking);
  const isWrapped = admission.coerce && types.length === 1 && types[0] === 'array';
  return isWrapped ? walk(tree, schema.items, below(path, 0), walking) : [misfit(path, types, 'object')];
}

function objectErrors(tree: Readonly<Record<string, unknown>>, schema: JsonSchema, path: string, walking: Walk): FieldError[] {
  const properties = isPlainObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === 'string') : [];
  walking.meter.spend(required.length);
  const missing = required.filter((name) => !Object.hasOwn(tree, name) && !hasDefault(properties[name], walking));
  const isClosed = schema.additionalProperties === false || (walking.admission.unknownFields === 'refuse' && schema.additionalProperties === undefined);
  const isNamed = isClosed && schema.patternProperties === undefined && (schema.additionalProperties === false || Object.keys(properties).length > 0);
  return [
    ...missing.map((name) => ({ path: below(path, name), message: 'is missing' })),
    ...Object.entries(tree).flatMap(([name, value]): FieldError[] => {
      if (Object.hasOwn(properties, name)) return walk(value, properties[name], below(path, name), walking);
      return isNamed ? [{ path: below(path, name), message: 'is not a field of this workflow’s input' }] : [];
    }),
  ];
}

const hasDefault = (property: unknown, { admission }: Walk): boolean => followed(property, admission.schema).default !== undefined;

/** A value without expressions is checked as it will be when it arrives. References in its part of the schema lead into the whole. */
function fixedErrors(tree: unknown, schema: JsonSchema, path: string, { admission, validate }: Walk): FieldError[] {
  const { $defs, definitions } = admission.schema;
  const part = { ...($defs !== undefined && { $defs }), ...(definitions !== undefined && { definitions }), ...schema };
  const admitted = admit({ ...admission, schema: part }, tree, validate);
  return admitted.ok ? [] : admitted.errors.map((error) => ({ ...error, path: error.path === '' ? path : below(path, error.path) }));
}

function templateErrors(template: string, wanted: readonly string[], path: string, { admission, schemaOf }: Walk): FieldError[] {
  const schema = schemaOf(template);
  if (wanted.length === 0 || !schema || COMBINING.some((name) => schema[name] !== undefined)) return [];
  const given = typesOf(schema);
  const fitting = given.some((type) => fits(type, wanted, admission.coerce));
  return given.length === 0 || fitting ? [] : [misfit(path, wanted, given[0] ?? '')];
}

/** Whether a value of this type may be valid: text may be a number, and a single value may become a list. */
function fits(type: string, wanted: readonly string[], coerce: boolean): boolean {
  if (wanted.includes(type) || (coerce && wanted.length === 1 && wanted[0] === 'array')) return true;
  const wantsNumber = wanted.includes('number') || wanted.includes('integer');
  if (type === 'number' || type === 'integer') return wantsNumber;
  return type === 'string' && (wantsNumber || (coerce && wanted.includes('boolean')));
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};
const kind = (type: string): string => KINDS[type] ?? type;

const misfit = (path: string, wanted: readonly string[], given: string): FieldError => ({
  path,
  message: `must be ${wanted.map(kind).join(' or ')}, but is ${kind(given)}`,
});

const below = (path: string, name: string | number): string => (path === '' ? String(name) : `${path}.${name}`);

const typesOf = ({ type }: JsonSchema): string[] => (Array.isArray(type) ? type : [type]).filter((one) => typeof one === 'string');

function hasExpressions(tree: unknown, meter: Meter): boolean {
  meter.spend(1);
  if (typeof tree === 'string') return tree.includes('{{');
  if (Array.isArray(tree)) return tree.some((item) => hasExpressions(item, meter));
  return isPlainObject(tree) && Object.values(tree).some((item) => hasExpressions(item, meter));
}
