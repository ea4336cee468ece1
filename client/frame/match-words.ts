/** Searchable text of an item, most significant first. */
export interface Searchable {
  readonly title: string;
  /** Synonyms in lowercase. */
  readonly keywords?: readonly string[] | undefined;
  /** Other text to find it by. */
  readonly rest?: string | undefined;
}

export const wordsOf = (search: string): readonly string[] => search.toLowerCase().split(/\s+/).filter(Boolean);

/** How well an item matches all words of a search, or 0 if one is missing. Words of up to two letters match only the start of a word. */
export function matchScore({ title, keywords = [], rest = '' }: Searchable, words: readonly string[]): number {
  const lower = { title: title.toLowerCase(), rest: rest.toLowerCase() };
  let total = 1;
  for (const word of words) {
    const score = wordScore(word, lower.title, keywords, lower.rest);
    if (score === 0) return 0;
    total += score;
  }
  return total;
}

const startsWord = (text: string, word: string): boolean => text.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word));

function wordScore(word: string, title: string, keywords: readonly string[], rest: string): number {
  const long = word.length > 2;
  if (title.startsWith(word)) return 80;
  if (keywords.includes(word)) return 70;
  if (startsWord(title, word)) return 60;
  if (keywords.some((keyword) => keyword.startsWith(word))) return 45;
  if (long && title.includes(word)) return 30;
  if (startsWord(rest, word)) return 20;
  return long && rest.includes(word) ? 10 : 0;
}
