/** Spaces and punctuation that people put between groups of digits, with those that word processors insert. For a character class. */
export const GAP = ' \\-.\\u00a0\\u2007\\u2009\\u202f\\u2010-\\u2015';

/** Everything that separates the parts of one value: also lines, columns, and lists. */
export const SEPARATOR = '[\\s\\-\\u2010-\\u2015._/\\\\:;|,*·•]';

/** The longest value with its separators. Shorter than what a stream holds back. */
export const LONGEST_VALUE = 60;
