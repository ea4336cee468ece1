import { DEEPEST_VALUE } from '@switchyard/shared/json.ts';

/** Sign, 17 digits, point, and exponent; longer than true, false, and null. */
const LONGEST_SCALAR = 25;
/** A control character or half a surrogate pair becomes `\u0000`: six bytes. */
const LONGEST_CHARACTER = 6;
const QUOTES_AND_COLON = 4;

/**
 * Whether the JSON of a value certainly takes at most `limit` bytes and nests at most DEEPEST_VALUE levels. It only counts, so a small
 * value needs no JSON text. `false` means the JSON may be longer or deeper, or can't be predicted (`toJSON`).
 */
export const surelyFits = (value: unknown, limit: number): boolean => {
  let room = limit;
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0 && room >= 0; depth++) {
    if (depth > DEEPEST_VALUE + 1) return false;
    const next: unknown[] = [];
    for (const one of level) {
      room -= LONGEST_SCALAR;
      if (typeof one === 'string') room -= one.length * LONGEST_CHARACTER;
      else if (Array.isArray(one)) for (let index = 0; index < one.length && index <= limit; index++) next.push(one[index]);
      else if (typeof one === 'object' && one !== null) {
        if ('toJSON' in one) return false;
        for (const [key, member] of Object.entries(one)) {
          room -= key.length * LONGEST_CHARACTER + QUOTES_AND_COLON;
          next.push(member);
        }
      }
      if (room < 0) return false;
    }
    level = next;
  }
  return room >= 0;
};
