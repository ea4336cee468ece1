import { type Keeps, removed } from '@switchyard/shared/run/removed.ts';
import type { CorrectionRecord } from '../../store/evaluation/correction-collections.ts';

/** A correction without what was written: only which fields were changed, and the cause (S66). */
export const removedCorrection = (
  { changes, likely }: Pick<CorrectionRecord, 'changes' | 'likely'>,
  keeps?: Keeps,
): Pick<CorrectionRecord, 'changes' | 'comment' | 'reasons' | 'reviewTitle' | 'likely'> => ({
  changes: changes.map((change) => {
    const left = (value: unknown): unknown => (keeps?.([change.field]) ? value : removed(value, keeps));
    return { ...change, before: left(change.before), after: left(change.after) };
  }),
  comment: '',
  reasons: [],
  reviewTitle: '',
  ...(likely && { likely: { ...likely, evidence: [] } }),
});
