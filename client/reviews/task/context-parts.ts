import type { ReviewContext } from '@switchyard/shared/run/events.ts';

/** What a reviewer is shown, sorted by how: words of somebody, Markdown, and lines of name and value. */
export interface ContextParts {
  readonly quotes: readonly { readonly label: string; readonly text: string }[];
  readonly texts: readonly { readonly label: string; readonly text: string }[];
  readonly facts: readonly ReviewContext[];
}

/** Text of this length does not fit beside its name. */
const LONG = 60;
const isLong = (value: unknown): boolean => typeof value === 'string' && (value.length > LONG || value.includes('\n'));

/** What each value is shown as: as its author chose, else by its length. */
function showOf({ show, value }: ReviewContext): 'fact' | 'quote' | 'text' {
  if (show !== undefined) return typeof value === 'object' && value !== null ? 'fact' : show;
  return isLong(value) ? 'quote' : 'fact';
}

export function contextParts(context: readonly ReviewContext[]): ContextParts {
  const as = (show: string) => context.filter((item) => showOf(item) === show).map(({ label, value }) => ({ label, text: String(value ?? '') }));
  return { quotes: as('quote'), texts: as('text'), facts: context.filter((item) => showOf(item) === 'fact') };
}

/** A number that says how sure something is, from 0 to 1: drawn as a bar. */
export const isShare = ({ label, value }: ReviewContext): boolean =>
  typeof value === 'number' && value >= 0 && value <= 1 && /confiden|score|probab|certain|sure/i.test(label);
