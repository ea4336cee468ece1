import { diffWordsWithSpace } from 'diff';

/** A stretch of text: in both texts, only in the earlier one, or only in the later one. */
export interface TextPart {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** The changes from one text to a later one, word by word. */
export const textChanges = (draft: string, text: string): readonly TextPart[] =>
  diffWordsWithSpace(draft, text).map(({ added, removed, value }) => ({ kind: added ? 'added' : removed ? 'removed' : 'same', text: value }));

/** How many places were changed: words taken out and others put in there are one, whatever the spaces between them. */
export function countChanges(parts: readonly TextPart[]): number {
  const solid = parts.filter(({ kind, text }) => kind !== 'same' || text.trim() !== '');
  return solid.filter((part, index) => part.kind !== 'same' && (index === 0 || solid[index - 1]?.kind === 'same')).length;
}
