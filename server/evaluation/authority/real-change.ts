import { canonicalJson } from '@switchyard/shared/canonical-json.ts';

/* Whether a reviewer’s change is more than formatting (S84). */

/** Only spaces and tabs at the start of a line: line breaks there would take quadratic time. */
const MARKUP = /[*_`~#>|]+|^[ \t]*[-+•][ \t]+/gmu;
const SAME: readonly (readonly [RegExp, string])[] = [
  [/[“”„«»]/gu, '"'],
  [/[\u2018\u2019\u201a]/gu, "'"],
  [/[‐‑–—]/gu, '-'],
  [/…/gu, '...'],
];

/** Text without markup, with plain punctuation, and single spaces. */
function plainText(text: string): string {
  const plain = SAME.reduce((result, [from, to]) => result.replace(from, to), text.normalize('NFKC'));
  return plain.replace(MARKUP, '').replace(/\s+/gu, ' ').trim();
}

/** Whether two values of a field differ in more than markup, typographic punctuation, and white space. */
export function isRealChange(before: unknown, after: unknown): boolean {
  if (typeof before === 'string' && typeof after === 'string') return plainText(before) !== plainText(after);
  return canonicalJson(before ?? null) !== canonicalJson(after ?? null);
}
