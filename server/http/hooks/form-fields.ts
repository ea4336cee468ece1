import { AppError } from '@switchyard/shared/errors.ts';
import { decodeText, isUtf8 } from './body-types.ts';

/*
 * Fields of forms and queries. Pairs are counted before anything is parsed, so the cost is linear in the bytes.
 */

export const MOST_FIELDS = 1_000;

export const tooManyFields = (what: string): AppError => new AppError('bad-request', `The ${what} has more than ${MOST_FIELDS} fields.`);

/** The pairs of `a=1&b=2`. Throws `bad-request` for too many. */
export function formPairs(text: string, what: 'form' | 'query', charset = 'utf-8'): Iterable<[string, string]> {
  let pairs = 1;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) if (++pairs > MOST_FIELDS) throw tooManyFields(what);
  if (isUtf8(charset)) return new URLSearchParams(text);
  const decoded = (part: string): string => decodeText(percentDecoded(part), charset);
  return text.split('&').flatMap((pair): [string, string][] => {
    if (pair === '') return [];
    const mark = pair.indexOf('=');
    return mark < 0 ? [[decoded(pair), '']] : [[decoded(pair.slice(0, mark)), decoded(pair.slice(mark + 1))]];
  });
}

/** The bytes that `%E3+` encodes, in text decoded byte by byte. */
function percentDecoded(text: string): Buffer {
  return Buffer.from(
    text.replaceAll('+', ' ').replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

/** Pairs as an object: a repeated name has a list. Any name is just data, including `__proto__`. */
export function collect(pairs: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const values = new Map<string, unknown[]>();
  for (const [name, value] of pairs) {
    const list = values.get(name);
    if (list) list.push(value);
    else values.set(name, [value]);
  }
  return Object.fromEntries([...values].map(([name, list]) => [name, list.length === 1 ? list[0] : list]));
}
