import { visit } from '../metering/meter.ts';

/** Counting this many pairs of characters takes as long as visiting an element. */
const PAIRS_PER_VISIT = 8;

/** How often each pair of neighboring characters occurs, by a number for the pair. */
function pairsOf(text: string): Map<number, number> {
  const pairs = new Map<number, number>();
  for (let at = 1; at < text.length; at++) {
    const pair = text.charCodeAt(at - 1) * 65_536 + text.charCodeAt(at);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, '');

/** The Sørensen–Dice coefficient of the pairs of characters: linear, unlike an edit distance. */
export function similarity(text: string, other: string): number {
  visit(Math.floor((text.length + other.length) / PAIRS_PER_VISIT));
  const [one, two] = [plain(text), plain(other)];
  if (one === two) return 1;
  if (one.length < 2 || two.length < 2) return 0;
  const left = pairsOf(one);
  let shared = 0;
  for (const [pair, count] of pairsOf(two)) shared += Math.min(count, left.get(pair) ?? 0);
  return (2 * shared) / (one.length + two.length - 2);
}
