import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { restoreFiles } from '@switchyard/shared/files/stored-value.ts';
import type { ReviewContext } from '@switchyard/shared/run/events.ts';

/** The context of a review, with its files in place. */
export const contextWithFiles = ({ context, fields, files = [] }: Pick<Review, 'context' | 'fields' | 'files'>): readonly ReviewContext[] =>
  files.length === 0 ? context : (restoreFiles(structuredClone({ context, fields }), files) as Pick<Review, 'context'>).context;

/** The context of a review by kind of display: quotes, Markdown, and lines of name and value. */
export interface ContextParts {
  readonly quotes: readonly { readonly label: string; readonly text: string }[];
  readonly texts: readonly { readonly label: string; readonly text: string }[];
  readonly facts: readonly ReviewContext[];
}

/** Longer text doesn’t fit beside its name. */
const LONG = 60;
const isLong = (value: unknown): boolean => typeof value === 'string' && (value.length > LONG || value.includes('\n'));

/** How a value is displayed: as its author chose, else by its length. */
function showOf({ show, value }: ReviewContext): 'fact' | 'quote' | 'text' {
  if (show !== undefined) return typeof value === 'object' && value !== null ? 'fact' : show;
  return isLong(value) ? 'quote' : 'fact';
}

export function contextParts(context: readonly ReviewContext[]): ContextParts {
  const as = (show: string) => context.filter((item) => showOf(item) === show).map(({ label, value }) => ({ label, text: String(value ?? '') }));
  return { quotes: as('quote'), texts: as('text'), facts: context.filter((item) => showOf(item) === 'fact') };
}

/** A confidence from 0 to 1, drawn as a bar. */
export const isShare = ({ label, value }: ReviewContext): boolean =>
  typeof value === 'number' && value >= 0 && value <= 1 && /confiden|score|probab|certain|sure/i.test(label);
