import { z } from 'zod';
import { bodyIssueMessage } from '../body-issue-message.ts';
import { promptName } from '../contracts/prompts.ts';
import { AppError } from '../errors.ts';
import { isPlainObject } from '../json.ts';
import { checkFormat, fieldErrors } from './file-format.ts';
import { type IncludedPrompt, includedPromptSchema, orderedPrompt } from './included.ts';

/*
 * The prompt registry as one file, for git. Owns the file format and how it is written and read. Invariants: 1. The same prompts give the
 * same bytes: keys in a fixed order, prompts by name, a line break at the end. 2. A text of several lines is a list of its lines, so a
 * change of one line is one line in a diff.
 */

/** What a file of this version starts with. */
export const PROMPTS_FORMAT = 'switchyard/prompts@1';

/** A version of a prompt that is its latest, or that labels point to. */
const filedPromptSchema = includedPromptSchema.omit({ label: true, version: true }).extend({ labels: z.array(promptName).max(100).default([]) });
export type FiledPrompt = z.infer<typeof filedPromptSchema>;

const readableFile = z.object({
  format: z.literal(PROMPTS_FORMAT),
  prompts: z
    .array(filedPromptSchema)
    .max(10_000)
    .superRefine((prompts, issues) => {
      const seen = new Set<string>();
      for (const [index, { name, labels }] of prompts.entries()) {
        for (const label of labels) {
          if (seen.has(`${name}@${label}`))
            issues.addIssue({ code: 'custom', path: [index, 'labels'], message: `has a label that appears twice: “${name}@${label}”` });
          seen.add(`${name}@${label}`);
        }
      }
    }),
});

const writtenMessages = z.array(
  z.object({
    role: filedPromptSchema.shape.messages.element.shape.role,
    /** A text, or its lines. */
    content: z.union([z.string(), z.array(z.string())]),
  }),
);

/** The file as JSON. */
export const promptFileSchema = z.object({
  format: z.literal(PROMPTS_FORMAT),
  prompts: z.array(
    filedPromptSchema.partial({ labels: true, variants: true }).extend({
      messages: writtenMessages,
      variants: z.array(filedPromptSchema.shape.variants.unwrap().element.extend({ messages: writtenMessages })).optional(),
    }),
  ),
});

/** The file's text. The prompts are in its order. */
export function writePromptFile(prompts: readonly FiledPrompt[]): string {
  const written = prompts.map(({ labels, ...prompt }) => {
    const { name, description, messages, variants, ...rest } = orderedPrompt(prompt);
    return {
      name,
      description,
      ...(labels.length > 0 && { labels }),
      messages: messages.map(inLines),
      ...rest,
      variants: variants?.map((variant) => ({ ...variant, messages: variant.messages.map(inLines) })),
    };
  });
  return `${JSON.stringify({ format: PROMPTS_FORMAT, prompts: written }, null, 2)}\n`;
}

const inLines = ({ role, content }: IncludedPrompt['messages'][number]) => ({ role, content: content.includes('\n') ? content.split('\n') : content });

/** Reads a file's value. Throws `bad-request` with the path of each mistake. */
export function readPromptFile(value: unknown): FiledPrompt[] {
  checkFormat(value, { what: 'prompt', format: PROMPTS_FORMAT });
  const parsed = readableFile.safeParse(joined(value), { error: bodyIssueMessage });
  if (parsed.success) return parsed.data.prompts;
  const fields = fieldErrors(parsed.error);
  throw new AppError('bad-request', `Invalid prompt file: ${fields[0]?.path} ${fields[0]?.message}. Nothing was imported.`, { fields });
}

/** The value with lists of lines joined to texts. What has another shape stays, and is rejected by the schema. */
function joined(value: unknown): unknown {
  if (!isPlainObject(value) || !Array.isArray(value.prompts)) return value;
  return { ...value, prompts: value.prompts.map(joinedPrompt) };
}

function joinedPrompt(prompt: unknown): unknown {
  if (!isPlainObject(prompt)) return prompt;
  const { messages, variants } = prompt;
  return {
    ...prompt,
    ...(Array.isArray(messages) && { messages: messages.map(joinedMessage) }),
    ...(Array.isArray(variants) && { variants: variants.map(joinedPrompt) }),
  };
}

function joinedMessage(message: unknown): unknown {
  if (!isPlainObject(message) || !Array.isArray(message.content) || !message.content.every((line) => typeof line === 'string')) return message;
  return { ...message, content: message.content.join('\n') };
}
