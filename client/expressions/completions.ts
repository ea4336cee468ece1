import { EXPRESSION_FUNCTIONS } from '@switchyard/shared/expression/functions/catalog.ts';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { isBlobRef } from '@switchyard/shared/run/blob.ts';
import { describeValue } from './describe-value.ts';
import { getAt } from './field-path.ts';
import { describeType } from './output-fields.ts';

/** A completion in an expression. */
export interface Suggestion {
  readonly label: string;
  /** Its value in the available run, or its type. */
  readonly detail: string;
  readonly info?: string;
  readonly kind: 'value' | 'function';
  /** The text to insert. Defaults to the label. */
  readonly apply?: string;
}

/** The functions, called as functions or as methods. */
export const FUNCTIONS: readonly (Suggestion & { readonly method: boolean })[] = EXPRESSION_FUNCTIONS.map(({ name, signature, doc, example, result }) => ({
  label: name,
  detail: signature,
  info: `${doc}\n\n${example} → ${JSON.stringify(result)}`,
  kind: 'function',
  method: /^\w+\./.test(signature) && !signature.startsWith('cel.'),
  apply: signature.startsWith('cel.') ? `cel.${name}()` : `${name}()`,
}));

const DEPTH = 4;
const MAX_NAMES = 400;
const MAX_OWN = 50;
const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** All names that an expression can read from a scope with this schema: `steps.classify.label`. */
export function readable(scope: JsonSchema, data: unknown): Suggestion[] {
  const found: Suggestion[] = [];
  list(scope, [], data, '', found);
  return found.slice(0, MAX_NAMES);
}

function list(schema: JsonSchema, path: readonly string[], data: unknown, written: string, found: Suggestion[]): void {
  // A step with an error port has one of two shapes. The first is its output.
  const shown = Array.isArray(schema.anyOf) && isPlainObject(schema.anyOf[0]) ? schema.anyOf[0] : schema;
  const properties = isPlainObject(shown.properties) ? shown.properties : {};
  const required = new Set(Array.isArray(shown.required) ? shown.required : []);
  for (const [name, inner] of Object.entries(withOwn(properties, getAt(data, path), path.length))) {
    if (found.length >= MAX_NAMES) return;
    const shape = isPlainObject(inner) ? inner : {};
    const label = written === '' ? name : IDENTIFIER.test(name) ? `${written}.${name}` : `${written}[${JSON.stringify(name)}]`;
    const value = getAt(data, [...path, name]);
    const mayMiss = path[0] === 'input' && !required.has(name);
    found.push({
      label,
      detail: value === undefined ? describeType(shape) : describeValue(value, 32),
      kind: 'value',
      ...(mayMiss && { info: `May be missing. Use ${written}.?${name}.orValue("")` }),
    });
    if (path.length < DEPTH) list(shape, [...path, name], data, label, found);
  }
}

/** The fields of a schema, and those that the value in the run has besides: an HTTP response rarely has a schema. Which steps can be read, only the schema says. */
function withOwn(properties: Readonly<Record<string, unknown>>, value: unknown, depth: number): Readonly<Record<string, unknown>> {
  if (depth < 2 || !isPlainObject(value) || isBlobRef(value)) return properties;
  return {
    ...Object.fromEntries(
      Object.keys(value)
        .slice(0, MAX_OWN)
        .map((name) => [name, {}]),
    ),
    ...properties,
  };
}

/** Longer names are not completed: searching for the start of a name is not linear. */
const MAX_NAME_LENGTH = 500;

/** The dotted name being typed at the end of `text`, and its start. */
export function typedName(text: string): { readonly name: string; readonly start: number } {
  const name = text.slice(-MAX_NAME_LENGTH).match(/[A-Za-z_][\w.]*$/)?.[0] ?? '';
  return { name, start: text.length - name.length };
}
