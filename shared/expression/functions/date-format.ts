import { ExpressionFault } from '../expression-fault.ts';
import { visit } from '../metering/meter.ts';
import { shorten } from './shorten.ts';

const LONGEST_FORMAT = 100;
const TOKEN = /'([^']*)'|([A-Za-z])\2*|./gs;
/** Tokens that are only digits. All others are names, which take this many times as long as visiting an element. */
const DIGITS = /^(?:[yuSsmhHdoWnkqxX]+|[MLEc]{1,2}|Z{1,3})$/;
const NAME_VISITS = 25;

/** A format for times, of tokens like `yyyy-MM-dd`. Bounded, since it may come from data. */
export function checkFormat(format: string, called: string): string {
  if (format.length > LONGEST_FORMAT) throw new ExpressionFault(`${called}() got a format of more than ${LONGEST_FORMAT} characters`);
  for (const [token, , letter] of format.matchAll(TOKEN)) if (letter !== undefined) visit(DIGITS.test(token) ? 2 : NAME_VISITS);
  return format;
}

/** Tokens with a varying number of digits or letters. */
const VARYING = new Set(['y', 'yy', 'yyyyy', 'M', 'L', 'd', 'h', 'H', 'm', 's', 'S', 'u', 'W', 'n', 'k', 'kk', 'o', 'z']);

/**
 * A format for reading times. Luxon turns it into a regular expression, which takes exponential time if the same text could be split among its
 * tokens in many ways. That is impossible if each token occurs once, and a varying one ends at a character that no number has.
 */
export function checkReadable(format: string): string {
  const tokens = [...checkFormat(format, 'parseDate').matchAll(TOKEN)].filter(([whole, quoted]) => whole !== '' && quoted !== '');
  const letters = tokens.flatMap(([, , letter]) => letter ?? []);
  if (new Set(letters).size < letters.length) throw new ExpressionFault(`parseDate() got a format that repeats a token: “${shorten(format)}”`);
  if (/\d/.test(format)) throw new ExpressionFault(`parseDate() got a format with digits: “${shorten(format)}”`);
  for (const [at, [token]] of tokens.entries()) {
    const next = tokens[at + 1];
    if (VARYING.has(token) && next?.[2] !== undefined && next[0] !== 'a')
      throw new ExpressionFault(`parseDate() needs a separator after “${token}”, or a fixed number of digits like “${token.repeat(2)}”`);
  }
  return format;
}
