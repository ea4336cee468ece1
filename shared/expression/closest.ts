/** How many characters may still be compared. Bounds the total time of suggestions for many mistakes among many names. */
export interface Comparisons {
  left: number;
}

/** About 30 ms. One mistake among a hundred names takes a thousandth. */
const MOST_COMPARED = 3_000_000;

export const createComparisons = (): Comparisons => ({ left: MOST_COMPARED });

/** Longer names are not compared: their length makes the comparison slow. */
const LONGEST_WORD = 100;

/** The name that a mistyped one probably means. Undefined if none is close, or if there were too many to compare. */
export function closest(word: string, names: Iterable<string>, comparisons: Comparisons = createComparisons()): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const typed = word.toLowerCase();
  // At least one letter must stay: otherwise any letter is close to any other.
  const limit = Math.min(typed.length - 1, Math.max(1, Math.floor(typed.length / 3)));
  let best: string | undefined;
  let least = limit + 1;
  for (const name of names) {
    if (--comparisons.left < 0) return undefined;
    if (Math.abs(name.length - word.length) >= least) continue;
    const far = distance(typed, name.toLowerCase(), least, comparisons);
    if (far < least) {
      least = far;
      best = name;
    }
  }
  return best;
}

/** A letter may become three in lowercase, and the other name may be a third longer. */
const row = () => new Uint16Array(5 * LONGEST_WORD);
/** The rows of the table: the current one and the last two. A comparison is synchronous, so all comparisons share them. */
let [current, last, beforeLast] = [row(), row(), row()];

/**
 * How many letters must be changed, added, removed, or swapped with a neighbor to turn one word into the other, if it is less than
 * `enough`. Computes only the columns that can lead to such a distance, and stops at the first row that rules it out.
 */
function distance(a: string, b: string, enough: number, comparisons: Comparisons): number {
  for (let column = 0; column <= b.length; column++) last[column] = column;
  for (let at = 1; at <= a.length; at++) {
    const first = Math.max(1, at - enough);
    const end = Math.min(b.length, at + enough);
    comparisons.left -= end - first + 1;
    current[first - 1] = first === 1 ? at : enough;
    if (end < b.length) current[end + 1] = enough;
    const lowest = fillRow(a, b, at, first, end);
    [current, last, beforeLast] = [beforeLast, current, last];
    if (lowest >= enough) return enough;
  }
  return last[b.length] ?? enough;
}

/** Fills the columns from `first` to `end` in the row of one letter of `a`. Returns the lowest distance in it. */
function fillRow(a: string, b: string, at: number, first: number, end: number): number {
  const letter = a.charCodeAt(at - 1);
  const letterBefore = a.charCodeAt(at - 2);
  let lowest = Number.MAX_SAFE_INTEGER;
  for (let column = first; column <= end; column++) {
    const other = b.charCodeAt(column - 1);
    let least = (last[column - 1] as number) + (letter === other ? 0 : 1);
    least = Math.min(least, (last[column] as number) + 1, (current[column - 1] as number) + 1);
    if (at > 1 && column > 1 && letter === b.charCodeAt(column - 2) && letterBefore === other) least = Math.min(least, (beforeLast[column - 2] as number) + 1);
    current[column] = least;
    lowest = Math.min(lowest, least);
  }
  return lowest;
}
