import { visit } from '../metering/meter.ts';

/** Longer texts make no slug, and decomposing them takes long. */
const MOST_CHARACTERS = 1_000;
/** Letters that don’t decompose into a letter and an accent. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['ł', 'l'],
  ['þ', 'th'],
  ['ı', 'i'],
]);

/** This many characters take as long as visiting an element. */
const CHARACTERS_PER_VISIT = 10;

/** Letters and digits of any script stay. */
export function slug(text: string): string {
  const read = text.slice(0, MOST_CHARACTERS);
  visit(Math.floor(read.length / CHARACTERS_PER_VISIT));
  return read
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøđðłþı]/g, (letter) => LETTERS.get(letter) ?? '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}
