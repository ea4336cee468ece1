/** Sign, 17 digits, point, exponent; also the longest of true, false, null. */
const LONGEST_SCALAR = 25;
/** A control character or half a surrogate pair becomes `\u0000`: six bytes. */
const LONGEST_CHARACTER = 6;
const QUOTES_AND_COLON = 4;

/**
 * Whether the JSON of a value certainly takes no more than `limit` bytes, by counting alone: a small value costs no JSON text. `false` says
 * that it may be longer, or that its JSON cannot be foreseen (`toJSON`).
 */
export const surelyFits = (value: unknown, limit: number): boolean => {
  let room = limit;
  const open: unknown[] = [value];
  while (open.length > 0 && room >= 0) {
    const next = open.pop();
    room -= LONGEST_SCALAR;
    if (typeof next === 'string') room -= next.length * LONGEST_CHARACTER;
    else if (Array.isArray(next)) for (let index = 0; index < next.length && index <= limit; index++) open.push(next[index]);
    else if (typeof next === 'object' && next !== null) {
      if ('toJSON' in next) return false;
      for (const [key, member] of Object.entries(next)) {
        room -= key.length * LONGEST_CHARACTER + QUOTES_AND_COLON;
        open.push(member);
      }
    }
  }
  return room >= 0;
};
