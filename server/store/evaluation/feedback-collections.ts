import { feedbackSchema } from '@switchyard/shared/contracts/evaluation/feedback.ts';
import type { z } from 'zod';
import { actor, base, declare } from '../declare-collection.ts';

/** Feedback on a run. Its ID is made of the run’s and a keyed hash of `by`, so each says it once. */
const feedbackRecord = feedbackSchema.extend({ ...base, actor });
export type FeedbackRecord = z.infer<typeof feedbackRecord>;
export const feedback = declare<FeedbackRecord>({
  name: 'feedback',
  schema: feedbackRecord,
  indexes: [
    { name: 'by_run', fields: ['runId', 'at'] },
    { name: 'by_workflow', fields: ['workflowId', 'at'] },
  ],
});
