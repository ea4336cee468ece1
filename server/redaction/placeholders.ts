/*
 * What replaces a redacted value: `[email]` (masked), `[email …com]` (masked with its end), `[email#bcdfghjklmnp]` (hashed), and
 * `[email:bcdfghjklmnp]` (tokenized). Marks are consonants, so no detector finds anything in them and they form no words.
 */

const LETTERS = 'bcdfghjklmnpqrstvwxz';
const MARK_LENGTH = 12;

/** A name of a detector in brackets, with a mark. */
const TOKEN = `\\[[a-z][a-z0-9-]{0,39}:[${LETTERS}]{${MARK_LENGTH}}\\]`;
const MARKED = new RegExp(`\\[[a-z][a-z0-9-]{0,39}[#:][${LETTERS}]{${MARK_LENGTH}}\\]`, 'g');
const ONLY_MARK = new RegExp(`^${MARKED.source}$`);

export const maskOf = (name: string, kept: string): string => (kept === '' ? `[${name}]` : `[${name} …${kept}]`);
export const hashOf = (name: string, mark: string): string => `[${name}#${mark}]`;
export const tokenOf = (name: string, mark: string): string => `[${name}:${mark}]`;

/** Twelve letters of a keyed hash: about 52 bits. */
export function markFrom(hash: Uint8Array): string {
  let number = 0n;
  for (const byte of hash.subarray(0, 16)) number = (number << 8n) | BigInt(byte);
  let mark = '';
  for (let count = 0; count < MARK_LENGTH; count++, number /= BigInt(LETTERS.length)) mark += LETTERS[Number(number % BigInt(LETTERS.length))];
  return mark;
}

/** The text is one hash or token and nothing else. */
export const isMark = (text: string): boolean => ONLY_MARK.test(text);

/** The tokens in a text. */
export const tokensIn = (text: string): string[] => (text.includes('[') ? [...text.matchAll(new RegExp(TOKEN, 'g'))].map(([token]) => token) : []);

/** Replaces each token by what `restored` returns, and keeps those without a value. */
export const replaceTokens = (text: string, restored: (token: string) => string | undefined): string =>
  text.replace(new RegExp(TOKEN, 'g'), (token) => restored(token) ?? token);

/** Where the text has hashes and tokens already: their letters are never a value. */
export const markedSpans = (text: string): [start: number, end: number][] =>
  text.includes('[') ? [...text.matchAll(MARKED)].map(({ 0: found, index }) => [index, index + found.length]) : [];
