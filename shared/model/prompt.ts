import { AppError } from '../errors.ts';
import { createScope } from '../expression/create-scope.ts';
import type { ScopeData } from '../expression/scope.ts';
import { type CompiledTemplate, compileTemplate } from '../expression/template.ts';
import { toText } from '../expression/to-plain.ts';
import type { JsonSchema } from '../json.ts';
import { validateJson } from '../json-schema/validate.ts';
import { type ChatMessage, textMessage } from './chat.ts';
import { markVariables, withDataNote } from './data-marks.ts';

/* Prompts of the registry: their content, references to them, and how they become messages (S50–S53). */

export interface PromptMessage {
  readonly role: ChatMessage['role'];
  /** Text with {{ expressions }} over the variables. */
  readonly content: string;
}

/** Messages that replace the base for some runs. */
export interface PromptVariant {
  readonly name: string;
  /** The run labels it requires, with their values. */
  readonly when: Readonly<Record<string, string>>;
  readonly messages: readonly PromptMessage[];
}

/** The content of a prompt version. */
export interface PromptContent {
  readonly messages: readonly PromptMessage[];
  /** Schema of the variables. */
  readonly variables: JsonSchema;
  readonly outputSchema?: JsonSchema | undefined;
  readonly parameters?: { readonly temperature?: number | undefined; readonly maxTokens?: number | undefined } | undefined;
  readonly variants: readonly PromptVariant[];
  /** Values of variables are marked as data (S53b). */
  readonly markData?: boolean | undefined;
}

type Labels = Readonly<Record<string, string>>;

/** The variant for a run: of those whose labels all match, the one with the most, then the first. Undefined: the base. */
export function variantFor({ variants }: Pick<PromptContent, 'variants'>, labels: Labels): PromptVariant | undefined {
  const fitting = variants.filter(({ when }) => Object.entries(when).every(([name, value]) => Object.hasOwn(labels, name) && labels[name] === value));
  const most = Math.max(...fitting.map(({ when }) => Object.keys(when).length));
  return fitting.find(({ when }) => Object.keys(when).length === most);
}

/**
 * The messages of a prompt with its variables filled in. Text from variables is never a template itself. Throws AppError
 * `prompt-variables` if the variables don't match their schema, and `expression-failed`.
 */
export function renderPrompt(content: PromptContent, { variables, labels }: { variables: Readonly<Record<string, unknown>>; labels: Labels }): ChatMessage[] {
  const errors = validateJson(content.variables, variables);
  if (errors.length > 0) {
    const told = errors.map(({ path, message }) => `${path === '' ? 'variables' : path} ${message}`).join('; ');
    throw new AppError('prompt-variables', `The variables don’t match the prompt: ${told}.`, { fields: errors, details: { variables: told } });
  }
  const scope = createScope(variables as unknown as ScopeData);
  const messages = variantFor(content, labels)?.messages ?? content.messages;
  const { markData } = content;
  const textIn = (template: CompiledTemplate): string => (markData ? template.text(scope, markVariables) : toText(template.evaluate(scope)));
  const rendered = messages.map(({ role, content: text }) => textMessage(role, textIn(compileTemplate(text))));
  return markData ? withDataNote(rendered) : rendered;
}
