/** A number with its separators, a word, or a sign that changes what a number means. Other punctuation is format. */
const TOKEN = /[-−+]?\d+(?:[.,'\u00a0\u202f]\d+)*|[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*|[\p{Sc}%‰°]/gu;

/** The longest text that is compared, in characters. The rest of a longer one is not looked at. */
const LONGEST = 200_000;

/** The parts of a text that carry its meaning, in order: words in lowercase, numbers as written, currency signs and percent. */
export const plainTokens = (text: string): string[] => text.slice(0, LONGEST).normalize('NFKC').replaceAll('’', "'").toLowerCase().match(TOKEN) ?? [];

/**
 * Whether two values differ only in format: spaces, line breaks, case, markup, and punctuation. Numbers must be written alike, because a
 * moved decimal point is not format. JSON is compared by its text.
 */
export function differsInFormatOnly(before: unknown, after: unknown): boolean {
  const [one, other] = [plainTokens(textOf(before)), plainTokens(textOf(after))];
  return one.length > 0 && one.length === other.length && one.every((token, index) => token === other[index]);
}

/** A value as text: that of JSON in its own notation, nothing for null. */
export const textOf = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : (JSON.stringify(value) ?? '').replaceAll('\\n', '\n');
