import { diffWordsWithSpace } from 'diff';

/** A part of the text: in both texts, only in the earlier one, or only in the later one. */
export interface TextPart {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** The changes from one text to a later one, word by word. */
export const textChanges = (draft: string, text: string): readonly TextPart[] =>
  diffWordsWithSpace(draft, text).map(({ added, removed, value }) => ({ kind: added ? 'added' : removed ? 'removed' : 'same', text: value }));

/** The number of changed places. Adjacent removals and insertions count as one, whatever the spaces between them. */
export function countChanges(parts: readonly TextPart[]): number {
  const solid = parts.filter(({ kind, text }) => kind !== 'same' || text.trim() !== '');
  return solid.filter((part, index) => part.kind !== 'same' && (index === 0 || solid[index - 1]?.kind === 'same')).length;
}
