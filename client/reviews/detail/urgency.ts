import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The state of a due time: passed, within a day, or later. */
export interface Due {
  readonly tone: 'late' | 'soon' | 'later';
  readonly words: string;
}

/** A duration to the minute: `12 min`, `3 h 56 min`, `2 d 4 h`. */
function span(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE));
  const parts =
    minutes < 60
      ? [[minutes, 'min']]
      : minutes < 1_440
        ? [
            [Math.floor(minutes / 60), 'h'],
            [minutes % 60, 'min'],
          ]
        : [
            [Math.floor(minutes / 1_440), 'd'],
            [Math.floor((minutes % 1_440) / 60), 'h'],
          ];
  return parts
    .filter(([count]) => count !== 0)
    .map((part) => part.join(' '))
    .join(' ');
}

export function dueOf({ dueAt }: Pick<Review, 'dueAt'>, now: number): Due | undefined {
  if (dueAt === null) return undefined;
  const left = Date.parse(dueAt) - now;
  if (left < 0) return { tone: 'late', words: `overdue by ${span(-left)}` };
  return { tone: left < DAY ? 'soon' : 'later', words: `due in ${span(left)}` };
}

/** What happens when a review is overdue, as the end of “If undecided by 17:40: …”. */
export function describeWhenDue({ whenDue, decisions }: Pick<Review, 'whenDue' | 'decisions'>): string {
  if (whenDue?.action === 'assign') return `reassigned to ${whenDue.assignee}`;
  if (whenDue?.action === 'decide') return `automatically “${decisions.find(({ id }) => id === whenDue.decision)?.title ?? whenDue.decision}”`;
  return 'the step fails';
}

/** Reviews with a due time first, by due time, then the others, oldest first. */
export const mostUrgentFirst = <R extends Pick<Review, 'dueAt' | 'createdAt'>>(reviews: readonly R[]): R[] =>
  reviews.toSorted((a, b) => compare(a.dueAt ?? '~', b.dueAt ?? '~') || compare(a.createdAt, b.createdAt));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The text in a value, however nested. */
function wordsIn(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Object.values(value).map(wordsIn).join(' ');
  return value === null || value === undefined ? '' : String(value);
}

/** Reviews that contain every word of the search. */
export function findReviews<R extends Review>(reviews: readonly R[], search: string): readonly R[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return reviews;
  return reviews.filter((review) => {
    const { title, workflowName, assignee, instructions, context, fields } = review;
    const text = wordsIn([title, workflowName, assignee, instructions, context, fields.map(({ value }) => value)]).toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** One line that distinguishes a review from others: what a person wrote, else the first context, else the draft. */
export function gist({ context, fields, instructions }: Pick<Review, 'context' | 'fields' | 'instructions'>): string {
  const quote = context.find(({ show, value }) => show === 'quote' && typeof value === 'string');
  const text = quote ?? context.find(({ value }) => typeof value === 'string' && value.length > 20);
  if (text) return `“${String(text.value).trim()}”`;
  const other = context.find(({ value }) => value !== null && !isPlainObject(value)) ?? fields.find(({ value }) => typeof value === 'string' && value !== '');
  return other ? wordsIn(other.value) : (instructions ?? '');
}
