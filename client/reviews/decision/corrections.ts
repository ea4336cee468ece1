import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';

type Field = Review['fields'][number];

/** Whether a value differs from the draft of its field. To a reader, no value and empty text are the same. */
export const differs = (field: Field, value: unknown): boolean => !sameJson(field.value ?? '', value ?? '');

/** The fields of a decided review that the reviewer changed. */
export const changedFields = ({ fields, decision }: Pick<Review, 'fields' | 'decision'>): readonly Field[] =>
  decision ? fields.filter((field) => Object.hasOwn(decision.values, field.name) && differs(field, decision.values[field.name])) : [];
