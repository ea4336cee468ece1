import { z } from 'zod';
import { jsonSchema } from '../json.ts';
import { streamedTry, triedCall } from './calls/tried-call.ts';
import { contract } from './contract.ts';
import { promptContentFields, promptName } from './prompts.ts';

/* Trying a prompt: one model call outside any run, streamed. */

const { messages, outputSchema, parameters, variants, markData } = promptContentFields;

/** The outcome of a try. */
const triedPrompt = triedCall.extend({
  /** Null for unsaved content. */
  version: z.number().nullable(),
  /** The variant that the labels chose. Null: the base. */
  variant: z.string().nullable(),
});
export type TriedPrompt = z.infer<typeof triedPrompt>;

/** The data of each server-sent event, by the name of the event. */
export const tryEvents = { ...streamedTry, done: triedPrompt };

export const tryPrompt = contract({
  id: 'tryPrompt',
  method: 'POST',
  path: '/api/prompts/:name/try',
  scope: 'run',
  tag: 'Prompts',
  summary: 'Call a model with a version or unsaved text, streamed: any `delta` and `restart`, then `done` or `error`',
  params: z.strictObject({ name: promptName }),
  body: z
    .strictObject({
      /** The newest version if neither this nor `messages` is sent. */
      version: z.number().int().min(1).optional(),
      /** Unsaved content. The next fields belong to it. */
      messages: messages.optional(),
      variablesSchema: jsonSchema.optional(),
      outputSchema,
      parameters,
      variants,
      markData,
      variables: z.record(z.string(), z.unknown()).default({}),
      /** The run labels that choose the variant. */
      labels: z.record(z.string().max(100), z.string().max(200)).default({}),
      route: z.string().min(1).max(100),
    })
    .refine(({ version, messages: sent }) => version === undefined || sent === undefined, {
      path: ['messages'],
      message: 'can’t be combined with a version',
    }),
  reply: z.union([tryEvents.delta, tryEvents.restart, tryEvents.done, tryEvents.error]),
  streams: true,
  errors: ['bad-request', 'not-found', 'prompt-variables', 'unknown-route', 'killed', 'budget-exceeded', 'overloaded'],
});
