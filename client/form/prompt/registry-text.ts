import { referencesOf } from '@switchyard/shared/expression/cel.ts';
import { splitTemplate } from '@switchyard/shared/expression/split-template.ts';
import { ExpressionSyntaxError } from '@switchyard/shared/expression/syntax-error.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import type { PromptMessage } from '@switchyard/shared/model/prompt.ts';
import { usedVariables } from '../../expressions/text/template-variables.ts';

/** Inline text of a node as a prompt in the registry, and the node’s values for its variables. */
export interface RegistryText {
  readonly messages: PromptMessage[];
  readonly variables: JsonSchema;
  readonly values: Readonly<Record<string, string>>;
}

/** Turns each expression of the inline text into a variable. Undefined while an expression has a syntax error. */
export function registryText({ system, message }: { readonly system: string; readonly message: string }): RegistryText | undefined {
  const names = new Map<string, string>();
  try {
    const messages = [
      ...(system.trim() === '' ? [] : [{ role: 'system' as const, content: withVariables(system, names) }]),
      { role: 'user' as const, content: withVariables(message, names) },
    ];
    const required = [...names.values()];
    return {
      messages,
      variables: { type: 'object', properties: Object.fromEntries(required.map((name) => [name, {}])), ...(required.length > 0 && { required }) },
      values: Object.fromEntries([...names].map(([source, name]) => [name, `{{ ${source} }}`])),
    };
  } catch (thrown) {
    if (thrown instanceof ExpressionSyntaxError) return undefined;
    throw thrown;
  }
}

function withVariables(text: string, names: Map<string, string>): string {
  return splitTemplate(text)
    .map((piece) => {
      if (piece.kind === 'text') return piece.source;
      const source = piece.source.trim();
      const name = names.get(source) ?? freeName(nameFor(source), new Set(names.values()));
      names.set(source, name);
      return `{{ ${name} }}`;
    })
    .join('');
}

/** The last name of the first thing that an expression reads: `message` for `input.message`. Throws ExpressionSyntaxError. */
function nameFor(source: string): string {
  const [reference] = referencesOf(source);
  const last = reference?.path.findLast((part) => /^[A-Za-z_]\w*$/.test(part)) ?? reference?.root;
  if (last === undefined) return 'value';
  // Names of the language, such as `type`, can’t be variables.
  return usedVariables([`{{ ${last} }}`]).includes(last) ? last : `${last}_value`;
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`;
  return name;
}

/** A name for the prompt of a node: `Draft reply (EN)` becomes `draft-reply-en`. */
export function promptNameFrom(title: string): string {
  const name = title
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
  return name.slice(0, 60).replace(/-+$/, '');
}
