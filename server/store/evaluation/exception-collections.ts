import { exceptionPathSchema } from '@switchyard/shared/contracts/evaluation/exception-paths.ts';
import { z } from 'zod';
import { base, declare } from '../declare-collection.ts';

/** Cases that a workflow wasn’t made for, by node and reason. Its ID is a hash of these. */
const exceptionPathRecord = exceptionPathSchema.omit({ workflowName: true, count: true, last: true }).extend({
  ...base,
  createdAt: z.string(),
  /** `automated` as 0 or 1, for filters. */
  isAutomated: z.number(),
});
export type ExceptionPathRecord = z.infer<typeof exceptionPathRecord>;
export const exceptionPaths = declare<ExceptionPathRecord>({
  name: 'exception_paths',
  schema: exceptionPathRecord,
  indexes: [
    { name: 'by_workflow', fields: ['workflowId', 'createdAt'] },
    { name: 'created', fields: ['createdAt', 'isAutomated'] },
  ],
});

/** A review that was marked as different. Its ID is the review’s. */
const exceptionCaseRecord = z.object({ ...base, pathId: z.string(), runId: z.string(), by: z.string(), at: z.string(), sample: z.string().nullable() });
export type ExceptionCaseRecord = z.infer<typeof exceptionCaseRecord>;
export const exceptionCases = declare<ExceptionCaseRecord>({
  name: 'exception_cases',
  schema: exceptionCaseRecord,
  indexes: [{ name: 'by_path', fields: ['pathId', 'at'] }],
});
