import type { Dice } from './dice.ts';

/* Strings that are hard to read: a few characters repeated until a slow pattern, parser, or decoder would take far too long. */

const UNITS = [
  ...['a', ' ', '\n', '\t', '\r\n', '.', ',', ';', ', ', '; ', '=', '&', 'a&', 'a=1&', '%', '%41', '%E0%A4%A', '+', '-', '_', '/', '../', ':', '@', '#'],
  ...['\\', '\\u0000', '"', "'", '`', '```\n', '*', '**', '[', '](', '![', '<', '>', '<!--', '<think>', '</think>', '&amp;', '|', '{', '}', '{{', '}}'],
  ...['{{ input.s }}', '{{ "', '{% ', '(', ')', '((', '[[', '{"a":', '{"a":[', '[{', '0', '9', '1e', '-1', '0x', '1,', '*/1,', 'P1D', '2026-01-01T'],
  ...['eyJaaaaa-', 'eyJa.', 'sk-', 'AKIA', 'ghp_', 'Bearer ', '-----BEGIN ', 'password=', 'http://a:', '://', 'a@', 'a@b.', 'a.', '::', '1.1.1.1,'],
  ...['é', 'e\u0301', '\u0301', '😀', '\ud800', '\u202e', '\u0000', '\ufeff', 'ß', 'İ', 'ﷺ', '__proto__', 'constructor.', 'steps.a.', 'data: ', 'data:\n\n'],
  ...['--x\r\n', 'aA', 'a1', 'x;q=0.1,', 'gzip,', 'a/b;', 'a="', '"\\', '?.', '!', 'null', '$ref', '~1', 'a|', '(a+)+', '<a ', '<?xml '],
];
const TAILS = ['', '!', '"', '}', '\u0000', 'é', ' x', '}}', '@', '=', '\n', ')'];

/** A string of about this many characters. */
export function hostileText(dice: Dice, size = dice.size()): string {
  const parts = 1 + dice.below(3);
  const texts = Array.from({ length: parts }, () => {
    const unit = dice.pick(UNITS) + (dice.below(3) === 0 ? dice.pick(UNITS) : '');
    return unit.repeat(Math.max(1, Math.floor(size / parts / unit.length)));
  });
  return texts.join('') + dice.pick(TAILS);
}

/** A string that is valid in a header. */
export const hostileHeader = (dice: Dice, size = dice.pick([100, 2_000, 12_000])): string =>
  hostileText(dice, size)
    .replace(/[^\x20-\x7e]/g, '~')
    .trim();
