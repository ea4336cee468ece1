import { z } from 'zod';

/** What a page may request over its socket. Anything else is rejected. */
const id = z.string().min(1).max(100);
export const runWatchRequest = z.strictObject({
  runId: id,
  fromSeq: z.number().int().min(1),
  brief: z.strictObject({ whole: z.array(z.string().max(500)).max(1_000) }).optional(),
});
export const runRequest = z.strictObject({ runId: id });
export const workflowRequest = z.strictObject({ workflowId: id });
