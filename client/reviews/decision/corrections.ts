import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';

type Field = Review['fields'][number];

/** Whether a value is another than the draft of its field; no value and no words are the same to whoever reads them. */
export const differs = (field: Field, value: unknown): boolean => !sameJson(field.value ?? '', value ?? '');

/** The fields of a decided task that a person changed. */
export const changedFields = ({ fields, decision }: Pick<Review, 'fields' | 'decision'>): readonly Field[] =>
  decision ? fields.filter((field) => Object.hasOwn(decision.values, field.name) && differs(field, decision.values[field.name])) : [];
