/*
 * Substring search by trigrams, with SQLite's FTS5. The index tells which texts contain three characters somewhere, so its results for
 * longer texts must be checked.
 */

/** More trigrams hardly narrow the search. */
const MOST = 24;
/** Characters that FTS5 doesn't return unchanged. */
const UNSURE = /[\0\ufffd]/;

/** An FTS5 query for texts that may contain all of these; undefined if they are too short. */
export function trigramQuery(needles: readonly string[]): string | undefined {
  const trigrams = new Set(needles.flatMap(trigramsOf));
  if (trigrams.size === 0) return undefined;
  return spread([...trigrams])
    .map((trigram) => `"${trigram.replaceAll('"', '""')}"`)
    .join(' AND ');
}

function trigramsOf(needle: string): string[] {
  const characters = [...needle.toWellFormed()];
  return characters.slice(2).flatMap((last, index) => {
    const trigram = `${characters[index]}${characters[index + 1]}${last}`;
    return UNSURE.test(trigram) ? [] : [trigram];
  });
}

/** At most `MOST`, spread evenly over the list: similar values differ at the end. */
const spread = (trigrams: readonly string[]): readonly string[] =>
  trigrams.length <= MOST
    ? trigrams
    : trigrams.filter(
        (_, index) => Math.floor((index * MOST) / trigrams.length) !== Math.floor(((index - 1) * MOST) / trigrams.length) || index === trigrams.length - 1,
      );
