import { COMPLETION_STATUSES } from '@switchyard/shared/contracts/triggers/completions.ts';
import { z } from 'zod';
import { base, declare } from '../declare-collection.ts';

/** That a caller is told of the end of its run. Its ID is the run’s. Inserted before the run, so an accepted run is never without. */
const completionRecord = z.object({
  ...base,
  workflowId: z.string(),
  url: z.string(),
  status: z.enum(COMPLETION_STATUSES),
  attempts: z.number(),
  /** When the next attempt is due. Null before the run has ended, and after the last attempt. */
  dueAt: z.string().nullable(),
  last: z.object({ at: z.string(), status: z.number().nullable(), error: z.string().nullable() }).nullable(),
  createdAt: z.string(),
  /** An attempt is claimed by compare-and-set, so only one process makes it. */
  revision: z.number(),
});
export type CompletionRecord = z.infer<typeof completionRecord>;
export const completions = declare<CompletionRecord>({
  name: 'completions',
  schema: completionRecord,
  indexes: [
    { name: 'by_workflow', fields: ['workflowId', 'createdAt'] },
    { name: 'due', fields: ['dueAt'], whereSet: 'dueAt' },
    { name: 'created', fields: ['createdAt'] },
  ],
});
