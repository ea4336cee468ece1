import { z } from 'zod';
import { contract, idParams, moment, pageOf, pageQuery } from '../contract.ts';

/* Telling the callers of webhooks that their runs have ended, in mode `accepted`. */

/** `waiting`: the run has not ended. `sending`: attempts are made. `failed`: none succeeded, and no more follow. */
export const COMPLETION_STATUSES = ['waiting', 'sending', 'delivered', 'failed'] as const;

/** An http or https URL without credentials. Whether its address may be reached is checked when it is called. */
export const completionUrl = z
  .string()
  .max(2_000)
  .refine((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  }, 'must be an http or https URL without a user name or password');

export const completionSettings = z.strictObject({
  /** Called when a run ends that was started in mode `accepted`. Null: none. */
  url: completionUrl.nullable(),
  /** Callers may name a URL of their own in the header `x-callback-url`. */
  fromRequest: z.boolean(),
});
export type CompletionSettings = z.infer<typeof completionSettings>;

const completionSchema = z.object({
  runId: z.string(),
  url: z.string(),
  status: z.enum(COMPLETION_STATUSES),
  attempts: z.number().int(),
  /** When the next attempt is due. */
  dueAt: moment.nullable(),
  /** The last attempt: the status of its response, or why there was none. */
  last: z.object({ at: moment, status: z.number().int().nullable(), error: z.string().nullable() }).nullable(),
  createdAt: moment,
});
export type Completion = z.infer<typeof completionSchema>;

const tag = 'Webhooks';

export const listCompletions = contract({
  id: 'listCompletions',
  method: 'GET',
  path: '/api/workflows/:id/webhook/completions',
  scope: 'read',
  tag,
  summary: 'List calls to completion URLs, newest first (30 days)',
  params: idParams,
  query: z.strictObject(pageQuery),
  reply: pageOf(completionSchema),
  errors: ['not-found', 'bad-request'],
});
export const resendCompletion = contract({
  id: 'resendCompletion',
  method: 'POST',
  path: '/api/workflows/:id/webhook/completions/:runId/resend',
  scope: 'run',
  tag,
  summary: 'Call the completion URL of an ended run again',
  params: idParams.extend({ runId: z.string().min(1).max(100) }),
  reply: completionSchema,
  errors: ['not-found'],
});
export const makeCompletionSecret = contract({
  id: 'makeCompletionSecret',
  method: 'POST',
  path: '/api/workflows/:id/webhook/completion-secret',
  scope: 'edit',
  tag,
  summary: 'Create the secret that signs calls to completion URLs; returned once, and effective immediately',
  params: idParams,
  reply: z.object({ secret: z.string() }),
  statuses: [201],
  errors: ['not-found'],
});
