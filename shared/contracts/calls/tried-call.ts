import { z } from 'zod';
import { problemDetailsSchema } from '../../errors.ts';
import { usageSchema } from '../runs.ts';

/* One model call outside any run, streamed to the page. */

/** The outcome of a call. */
export const triedCall = z.object({
  /** The whole answer, also if deltas were left out for a slow reader. */
  text: z.string(),
  route: z.string(),
  routeVersion: z.number(),
  connection: z.string(),
  model: z.string(),
  demo: z.boolean(),
  /** From the cache of the route. */
  cached: z.boolean(),
  usage: usageSchema,
  /** Null if a model without a price took part. */
  costMicros: z.number().nullable(),
  /** From the request to the whole answer. */
  ms: z.number(),
  /** Null if the answer didn't arrive in parts. */
  firstTokenMs: z.number().nullable(),
  finishReason: z.string(),
  attempts: z.array(
    z.object({ connection: z.string(), model: z.string(), latencyMs: z.number(), error: z.object({ code: z.string(), message: z.string() }).optional() }),
  ),
});
export type TriedCall = z.infer<typeof triedCall>;

/** The data of each server-sent event before `done`, by the name of the event. */
export const streamedTry = {
  delta: z.object({ text: z.string() }),
  /** The text so far must be discarded: the next target answers (S59). */
  restart: z.object({}),
  error: problemDetailsSchema,
};
