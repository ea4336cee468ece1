import type { Likeness } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';

/** A text with at least this many words is prose. A shorter one is a label or an ID, and is compared exactly. */
const PROSE_WORDS = 3;

const isProse = (text: string): boolean => text.trim().split(/\s+/).length >= PROSE_WORDS;

const sameSpace = (text: string): string => text.trim().replace(/\s+/g, ' ');

/**
 * How alike two JSON values are (S82a). Texts that both are prose may have different words; everything else must be equal: fields, list
 * lengths, numbers, labels. White space doesn’t count.
 */
export function likenessOf(before: unknown, after: unknown): Likeness {
  if (Object.is(before, after)) return 'same';
  if (typeof before === 'string' && typeof after === 'string') {
    if (sameSpace(before) === sameSpace(after)) return 'same';
    return isProse(before) && isProse(after) ? 'words' : 'different';
  }
  if (Array.isArray(before) && Array.isArray(after))
    return before.length === after.length ? worst(before.map((item, at) => likenessOf(item, after[at]))) : 'different';
  if (isPlainObject(before) && isPlainObject(after)) {
    const names = Object.keys(before);
    if (names.length !== Object.keys(after).length || !names.every((name) => Object.hasOwn(after, name))) return 'different';
    return worst(names.map((name) => likenessOf(before[name], after[name])));
  }
  return 'different';
}

/** The least alike of several. */
export const worst = (all: readonly Likeness[]): Likeness => (all.includes('different') ? 'different' : all.includes('words') ? 'words' : 'same');
