import { z } from 'zod';

/** The ID of a file. */
export const fileId = z.string().regex(/^[0-9a-f]{64}$/, 'must be the ID of a file');

/** A file in a value: its ID, and where it is. */
export const fileEntrySchema = z.object({
  $file: z.string(),
  path: z.array(z.union([z.string(), z.number()])),
  name: z.string(),
  type: z.string(),
  bytes: z.number(),
});
