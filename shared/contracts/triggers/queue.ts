import { z } from 'zod';

/** A Redis stream, read as one consumer of a group. */
const redisSource = z.strictObject({
  /** A connection of kind `redis`. In a copy of a shared workflow, a placeholder until one is chosen. */
  connectionId: z.string().min(1).max(120),
  stream: z.string().min(1).max(500),
  /** The consumer group. It is created if it doesn’t exist. */
  group: z.string().min(1).max(200).default('switchyard'),
  /** Which messages a new group reads: those that come from now on, or also those in the stream already. */
  from: z.enum(['new', 'beginning']).default('new'),
});

export const queueSettings = z.strictObject({ source: redisSource });
