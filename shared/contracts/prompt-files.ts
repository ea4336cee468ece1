import { z } from 'zod';
import { isPlainObject } from '../json.ts';
import { PROMPTS_FORMAT, promptFileSchema } from '../sharing/prompt-file.ts';
import { contract } from './contract.ts';
import { reason } from './prompts.ts';

const tag = 'Prompts';

/** Read by `readPromptFile`, which reports what is wrong with it. */
const sentPrompts = z.custom<unknown>(isPlainObject, `must be a prompt file, an object with the format “${PROMPTS_FORMAT}”`);

export const exportPrompts = contract({
  id: 'exportPrompts',
  method: 'GET',
  path: '/api/prompts/export',
  scope: 'read',
  tag,
  summary: 'Export all prompts as a file for git: the latest version of each, and those with labels',
  reply: promptFileSchema,
  errors: ['too-large'],
});
export const importPrompts = contract({
  id: 'importPrompts',
  method: 'POST',
  path: '/api/prompts/import',
  scope: 'edit',
  tag,
  summary: 'Add the prompts of a file; new content becomes the next version, and existing labels never move',
  query: z.strictObject({ reason }),
  body: sentPrompts,
  reply: z.object({
    /** Names of prompts. */
    created: z.array(z.string()),
    /** They have new versions or labels. */
    updated: z.array(z.string()),
    unchanged: z.array(z.string()),
    /** Labels that point to different content than in the file. */
    notes: z.array(z.string()),
  }),
  statuses: [200],
  errors: ['bad-request', 'bad-json', 'too-large'],
});
