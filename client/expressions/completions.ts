import { EXPRESSION_FUNCTIONS } from '@switchyard/shared/expression/functions.ts';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { describeValue } from './describe-value.ts';
import { getAt } from './field-path.ts';
import { describeType } from './output-fields.ts';

/** Something that can be written at a place in an expression. */
export interface Suggestion {
  readonly label: string;
  /** Its value in the run that is at hand, or its type. */
  readonly detail: string;
  readonly info?: string;
  readonly kind: 'value' | 'function';
  /** What is written; the label where it is left out. */
  readonly apply?: string;
}

/** The functions of the language: by themselves, or behind a dot. */
export const FUNCTIONS: readonly (Suggestion & { readonly method: boolean })[] = EXPRESSION_FUNCTIONS.map(({ name, signature, doc, example }) => ({
  label: name,
  detail: signature,
  info: `${doc} For example ${example}`,
  kind: 'function',
  method: signature.includes('.'),
  apply: `${name}()`,
}));

const DEPTH = 4;
const MOST = 400;
const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** Everything that an expression can read by this schema of its scope, as it is written: `steps.classify.label`. */
export function readable(scope: JsonSchema, data: unknown): Suggestion[] {
  const found: Suggestion[] = [];
  list(scope, [], data, '', found);
  return found.slice(0, MOST);
}

function list(schema: JsonSchema, path: readonly string[], data: unknown, written: string, found: Suggestion[]): void {
  // A step with an error port can show either of two shapes; the first is its output.
  const shown = Array.isArray(schema.anyOf) && isPlainObject(schema.anyOf[0]) ? schema.anyOf[0] : schema;
  const properties = isPlainObject(shown.properties) ? shown.properties : {};
  const required = new Set(Array.isArray(shown.required) ? shown.required : []);
  for (const [name, inner] of Object.entries(properties)) {
    if (found.length >= MOST) return;
    const shape = isPlainObject(inner) ? inner : {};
    const label = written === '' ? name : IDENTIFIER.test(name) ? `${written}.${name}` : `${written}[${JSON.stringify(name)}]`;
    const value = getAt(data, [...path, name]);
    const mayMiss = path[0] === 'input' && !required.has(name);
    found.push({
      label,
      detail: value === undefined ? describeType(shape) : describeValue(value, 32),
      kind: 'value',
      ...(mayMiss && { info: `May be missing. To be safe: ${written}.?${name}.orValue("")` }),
    });
    if (path.length < DEPTH) list(shape, [...path, name], data, label, found);
  }
}

/** A longer name is not completed: the search for where it begins is not linear. */
const LONGEST_NAME = 500;

/** The dotted name that is being typed before the end of `text`, and where it begins in it. */
export function typedName(text: string): { readonly name: string; readonly start: number } {
  const name = text.slice(-LONGEST_NAME).match(/[A-Za-z_][\w.]*$/)?.[0] ?? '';
  return { name, start: text.length - name.length };
}
