import { DEEPEST_VALUE } from '@switchyard/shared/json.ts';
import { SMALL_BYTES } from '../turns.ts';

/** Sign, 17 digits, point, and exponent; longer than true, false, and null. */
const LONGEST_SCALAR = 25;
/** A control character or half a surrogate pair becomes `\u0000`: six bytes. */
const LONGEST_CHARACTER = 6;
const QUOTES_AND_COLON = 4;

/**
 * Whether the JSON of a value certainly takes at most `limit` bytes and nests at most DEEPEST_VALUE levels. It only counts, so a small
 * value needs no JSON text. `false` means the JSON may be longer or deeper, or can't be predicted (`toJSON`).
 */
export const surelyFits = (value: unknown, limit: number): boolean => roomAfter(value, limit, 0) >= 0;

const NO_ROOM = -1;

/** The room left after a value at this depth. Negative if it may not fit. */
function roomAfter(value: unknown, before: number, depth: number): number {
  if (depth > DEEPEST_VALUE + 1) return NO_ROOM;
  let room = before - LONGEST_SCALAR;
  if (typeof value === 'string') return room - value.length * LONGEST_CHARACTER;
  if (typeof value !== 'object' || value === null) return room;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && room >= 0; index++) room = roomAfter(value[index], room, depth + 1);
    return room;
  }
  if ('toJSON' in value) return NO_ROOM;
  for (const key of Object.keys(value)) {
    if (room < 0) return room;
    room = roomAfter((value as Record<string, unknown>)[key], room - key.length * LONGEST_CHARACTER - QUOTES_AND_COLON, depth + 1);
  }
  return room;
}

/** Whether writing the JSON of a value may be long work (server/turns.ts). */
export const isLargeValue = (value: unknown): boolean => !surelyFits(value, SMALL_BYTES);
