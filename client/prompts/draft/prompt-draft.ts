import { isPlainObject } from '@switchyard/shared/json.ts';
import type { PromptContent } from '@switchyard/shared/model/prompt.ts';
import { z } from 'zod';

/** A prompt being edited. Schemas are any JSON, because they may be incomplete. */
export interface DraftContent extends Omit<PromptContent, 'variables' | 'outputSchema'> {
  readonly variables: unknown;
  readonly outputSchema?: unknown;
}

const messages = z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }));
/** Less strict than the server: a stored text is never dropped because it can’t be saved yet. */
const kept = z.object({
  messages,
  variables: z.unknown(),
  outputSchema: z.unknown().optional(),
  parameters: z.object({ temperature: z.number().optional(), maxTokens: z.number().optional() }).optional(),
  variants: z.array(z.object({ name: z.string(), when: z.record(z.string(), z.string()), messages })),
  markData: z.boolean().optional(),
});

/** Reads a stored draft. Undefined if there is none. */
export function readDraft(text: string | undefined): DraftContent | undefined {
  if (text === undefined) return undefined;
  try {
    return kept.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The parts of a version that make up its content. */
export const contentOf = ({ messages, variables, outputSchema, parameters, variants, markData }: DraftContent): DraftContent => ({
  messages,
  variables,
  ...(outputSchema !== undefined && { outputSchema }),
  ...(parameters && (parameters.temperature !== undefined || parameters.maxTokens !== undefined) && { parameters }),
  variants,
  ...(markData && { markData }),
});

/** Whether two values are equal, ignoring the order of object keys. */
const isSame = (one: unknown, other: unknown): boolean => sorted(one) === sorted(other);
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    isPlainObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1))) : inner,
  ) ?? '';

const ROLES = ['system', 'user', 'assistant'] as const;

/** What differs between two contents, as labels. */
export function changesBetween(before: DraftContent, after: DraftContent): string[] {
  const texts = (content: DraftContent, role: (typeof ROLES)[number]) => content.messages.filter((message) => message.role === role);
  const roles = ROLES.filter((role) => !isSame(texts(before, role), texts(after, role)));
  const order = roles.length === 0 && !isSame(before.messages, after.messages);
  const parts: readonly (readonly [string, (content: DraftContent) => unknown])[] = [
    ['variables', (content) => content.variables],
    ['output schema', (content) => content.outputSchema],
    ['temperature', (content) => content.parameters?.temperature],
    ['max tokens', (content) => content.parameters?.maxTokens],
    ['variants', (content) => content.variants],
    ['values marked as data', (content) => content.markData === true],
  ];
  return [
    ...roles.map((role) => `${role} text`),
    ...(order ? ['order of messages'] : []),
    ...parts.filter(([, part]) => !isSame(part(before), part(after))).map(([name]) => name),
  ];
}

/** The content as the API accepts it. Undefined while a schema is not JSON. */
export function sendable(content: DraftContent): PromptContent | undefined {
  const { variables, outputSchema, ...rest } = contentOf(content);
  if (!isPlainObject(variables) || (outputSchema !== undefined && !isPlainObject(outputSchema))) return undefined;
  return { ...rest, variables, ...(outputSchema !== undefined && { outputSchema }) };
}

/** The content as the body of a request. */
export const bodyOf = (content: PromptContent) => ({
  ...content,
  messages: [...content.messages],
  variants: content.variants.map((variant) => ({ ...variant, messages: [...variant.messages] })),
});
