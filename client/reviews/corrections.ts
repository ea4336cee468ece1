import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';

type Field = Review['fields'][number];

/** The same to whoever reads it; the order of an object's keys says nothing. */
function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => same(item, b[index]));
  if (isPlainObject(a) && isPlainObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
  }
  return a === b || ((a ?? '') === '' && (b ?? '') === '');
}

/** Whether a value is another than the draft of its field. */
export const differs = (field: Field, value: unknown): boolean => !same(field.value, value);

/** The fields of a decided task that a person changed. */
export const changedFields = ({ fields, decision }: Pick<Review, 'fields' | 'decision'>): readonly Field[] =>
  decision ? fields.filter((field) => Object.hasOwn(decision.values, field.name) && differs(field, decision.values[field.name])) : [];
