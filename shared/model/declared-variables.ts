import { type Comparisons, closest } from '../expression/closest.ts';
import { isPlainObject, type JsonSchema } from '../json.ts';
import { referenced } from '../json-schema/references.ts';
import { subschemas } from '../json-schema/subschemas.ts';

/** The variables that a prompt declares in the schema of its variables. */
export interface DeclaredVariables {
  /** Names under `properties`, also of schemas that apply in place (`allOf`, `$ref`, …). */
  readonly names: ReadonlySet<string>;
  /** The schema says what further names hold: `additionalProperties` or `patternProperties`. */
  readonly isOpen: boolean;
}

const hasRulesForOthers = ({ additionalProperties, unevaluatedProperties, patternProperties }: JsonSchema): boolean =>
  [additionalProperties, unevaluatedProperties].some((rule) => rule !== undefined && rule !== false) || isPlainObject(patternProperties);

/** Reads what a schema declares. It may be any JSON, because it may be incomplete. */
export function declaredVariables(schema: unknown): DeclaredVariables {
  const names = new Set<string>();
  const seen = new Set<unknown>();
  let isOpen = false;
  const pending = [schema];
  while (pending.length > 0) {
    const current = pending.pop();
    if (!isPlainObject(current) || seen.has(current)) continue;
    seen.add(current);
    if (isPlainObject(current.properties)) for (const name of Object.keys(current.properties)) names.add(name);
    isOpen ||= hasRulesForOthers(current);
    if (current.$ref !== undefined) {
      const target = referenced(schema, current.$ref);
      // A reference to an anchor: what it declares is not known.
      if (target === undefined) isOpen = true;
      pending.push(target);
    }
    pending.push(...subschemas(current).flatMap((part) => (part.inPlace ? [part.schema] : [])));
  }
  return { names, isOpen };
}

/** What is wrong with the name of a variable in a prompt, with a suggestion. Undefined if it is declared. */
export function undeclaredMessage(name: string, { names, isOpen }: DeclaredVariables, comparisons?: Comparisons): string | undefined {
  if (isOpen || names.has(name)) return undefined;
  const near = closest(name, names, comparisons);
  const advice = near === undefined ? 'Declare it in the prompt’s variables.' : `Did you mean “${near}”?`;
  return `“${name}” isn’t a variable of this prompt. ${advice}`;
}
