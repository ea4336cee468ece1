/** Spaces and punctuation that people put between groups of digits, with those that word processors insert. For a character class. */
export const GAP = ' \\-.\\u00a0\\u2007\\u2009\\u202f\\u2010-\\u2015\\u2212';

/** Everything that separates the parts of one value: also lines, columns, and lists. */
const SEPARATORS = '\\s\\u0085\\-\\u2010-\\u2015\\u2212._/\\\\:;|,*·•';
export const SEPARATOR = `[${SEPARATORS}]`;

/** Also what programs put between the groups of a card or an IBAN: their check digits rule out most other text. */
export const WIDE_SEPARATOR = `[${SEPARATORS}~=<>&'"\\u2018\\u2019\\u201c\\u201d]`;

/** The longest value with its separators. Shorter than what a stream holds back. */
export const LONGEST_VALUE = 60;
