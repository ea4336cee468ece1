import { judgmentSchema, rubricSchema } from '@switchyard/shared/contracts/evaluation/rubrics.ts';
import { z } from 'zod';
import { base, declare } from '../declare-collection.ts';

/** A rubric for models as judge (S81). */
const rubricRecord = z.object({
  ...rubricSchema.shape,
  ...base,
  /** The name in lowercase, which is unique. */
  nameKey: z.string(),
});
export type RubricRecord = z.infer<typeof rubricRecord>;
export const rubrics = declare<RubricRecord>({
  name: 'rubrics',
  schema: rubricRecord,
  indexes: [{ name: 'name', fields: ['nameKey'], unique: true }],
});

/** What a person said about an output. Its ID is derived from item, output, and person. */
const judgmentRecord = z.object({
  ...judgmentSchema.shape,
  ...base,
  /** The run whose data the item copies, and whose removal the judgment follows. */
  runId: z.string().nullable(),
});
export type JudgmentRecord = z.infer<typeof judgmentRecord>;
export const judgments = declare<JudgmentRecord>({
  name: 'judgments',
  schema: judgmentRecord,
  indexes: [
    { name: 'by_dataset', fields: ['datasetId', 'at'] },
    { name: 'by_item', fields: ['itemId', 'at'] },
    { name: 'by_run', fields: ['runId'], whereSet: 'runId' },
  ],
});

export const rubricCollections = [rubrics, judgments];
