import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { create } from 'zustand';

/** Unsent input of this person for a review. */
export interface Answer {
  /** Only fields that differ from the draft. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly comment: string;
  readonly reasons: readonly string[];
  /** JSON by field that does not parse yet, as typed. It is not sent. */
  readonly unread?: Readonly<Record<string, string>>;
}

/*
 * Stores unsent input for a review in this browser, from the first letter on. It survives a reload, a lost connection, and a decision by
 * someone else, and is removed once decided here or discarded.
 */

const PREFIX = 'switchyard-review:';
const NOTHING: Answer = { values: {}, comment: '', reasons: [] };

function readAnswer(text: string | null): Answer | undefined {
  try {
    const read: unknown = JSON.parse(text ?? '');
    if (!isPlainObject(read) || !isPlainObject(read.values)) return undefined;
    const reasons = Array.isArray(read.reasons) ? read.reasons.filter((reason) => typeof reason === 'string') : [];
    const unread = Object.entries(isPlainObject(read.unread) ? read.unread : {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    return { values: read.values, unread: Object.fromEntries(unread), comment: typeof read.comment === 'string' ? read.comment : '', reasons };
  } catch {
    return undefined;
  }
}

function readAll(): ReadonlyMap<string, Answer> {
  const found = new Map<string, Answer>();
  for (let index = 0; index < localStorage.length; index++) {
    const key = localStorage.key(index) ?? '';
    const answer = key.startsWith(PREFIX) ? readAnswer(localStorage.getItem(key)) : undefined;
    if (answer) found.set(key.slice(PREFIX.length), answer);
  }
  return found;
}

const useAnswers = create<{ readonly byReview: ReadonlyMap<string, Answer> }>(() => ({ byReview: readAll() }));

/** Whether an answer is empty. */
export const isNothing = ({ values, unread = {}, comment, reasons }: Answer): boolean =>
  Object.keys({ ...values, ...unread }).length === 0 && comment === '' && reasons.length === 0;

/** Stores an answer. An empty one is removed. */
export function keepAnswer(reviewId: string, answer: Answer): void {
  const byReview = new Map(useAnswers.getState().byReview);
  if (isNothing(answer)) {
    byReview.delete(reviewId);
    localStorage.removeItem(PREFIX + reviewId);
  } else {
    byReview.set(reviewId, answer);
    localStorage.setItem(PREFIX + reviewId, JSON.stringify(answer));
  }
  useAnswers.setState({ byReview });
}

export const forgetAnswer = (reviewId: string): void => keepAnswer(reviewId, NOTHING);

/** The unsent input for a review. */
export const useAnswer = (reviewId: string): Answer => useAnswers((all) => all.byReview.get(reviewId)) ?? NOTHING;
/** Whether there is unsent input for a review. */
export const useIsEditing = (reviewId: string): boolean => useAnswers((all) => all.byReview.has(reviewId));

/** The current value of a field: the typed one, or the draft. */
export const currentValue = (answer: Answer, field: Review['fields'][number]): unknown =>
  Object.hasOwn(answer.values, field.name) ? answer.values[field.name] : field.value;

/** The answer with another value for a field. A value equal to the draft is not a change. */
export function withValue(answer: Answer, field: Review['fields'][number], value: unknown): Answer {
  const others = Object.entries(answer.values).filter(([name]) => name !== field.name);
  const isDraft = value === field.value || (field.value === null && value === '');
  const { [field.name]: _parsed, ...unread } = answer.unread ?? {};
  return { ...answer, unread, values: Object.fromEntries(isDraft ? others : [...others, [field.name, value]]) };
}

/** The answer with text that can’t be read as a field’s value yet. The value stays. */
export const withUnread = (answer: Answer, field: Review['fields'][number], text: string): Answer => ({
  ...answer,
  unread: { ...answer.unread, [field.name]: text },
});
