/*
 * Substrings by trigram, with SQLite's FTS5. The index tells for three characters which texts hold them somewhere, so what it finds for a
 * longer text must be checked.
 */

/** More say nothing new about a text. */
const MOST = 24;
/** Characters that do not come back as they went in. */
const UNSURE = /[\0\ufffd]/;

/** An FTS5 query for texts that may hold all of these; undefined when they are too short to tell. */
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

/** At most `MOST`, evenly over the whole list: its end is what tells similar values apart. */
const spread = (trigrams: readonly string[]): readonly string[] =>
  trigrams.length <= MOST
    ? trigrams
    : trigrams.filter(
        (_, index) => Math.floor((index * MOST) / trigrams.length) !== Math.floor(((index - 1) * MOST) / trigrams.length) || index === trigrams.length - 1,
      );
