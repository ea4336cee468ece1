import { SHOWS } from '@switchyard/shared/contracts/sharing.ts';
import { graphSchema } from '@switchyard/shared/graph/graph.ts';
import { includedFields } from '@switchyard/shared/sharing/included.ts';
import { z } from 'zod';
import { actor, base, declare } from './declare-collection.ts';

/* Workflows as links and templates. */

/** The share link of a workflow. Its ID is the workflow's; deleted when the link is turned off. */
const shareRecord = z.object({ ...base, token: z.string(), shows: z.enum(SHOWS), createdAt: z.string(), actor });
export type ShareRecord = z.infer<typeof shareRecord>;
export const shares = declare<ShareRecord>({
  name: 'shares',
  schema: shareRecord,
  indexes: [{ name: 'token', fields: ['token'], unique: true, everywhere: true }],
});

/** A template created in this workspace. */
const templateRecord = z.object({
  ...base,
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  graph: graphSchema,
  ...includedFields,
  createdAt: z.string(),
  deletedAt: z.string().nullable(),
  actor,
});
export type TemplateRecord = z.infer<typeof templateRecord>;
export const templates = declare<TemplateRecord>({
  name: 'templates',
  schema: templateRecord,
  indexes: [
    { name: 'slug', fields: ['slug'], unique: true },
    { name: 'created', fields: ['deletedAt', 'createdAt'] },
  ],
});
