/*
 * Counts the work of one evaluation. Evaluations are synchronous and never nested, so one counter serves them all.
 */

/** How many elements an evaluation may visit (S25). */
export const MOST_VISITS = 100_000;
/** The longest text or list that a function may build. */
export const MOST_LENGTH = 10_000_000;

/** Thrown when an evaluation has done too much. */
export class MeterError extends Error {}

/** So many characters count as one element. */
const CHARACTERS_PER_VISIT = 64;

let visitsLeft = MOST_VISITS;

export function resetMeter(): void {
  visitsLeft = MOST_VISITS;
}

/** Throws once the evaluation has visited too much. `||` and `exists` go on after an error, so this is asked at the end again. */
export function checkMeter(): void {
  if (visitsLeft < 0) throw new MeterError(`the expression looks at more than ${MOST_VISITS.toLocaleString('en')} elements`);
}

export function visit(count: number): void {
  visitsLeft -= count;
  checkMeter();
}

/** Counts reading a value once: elements of lists and maps, a share of long text. */
export function visitValue(value: unknown): void {
  if (typeof value === 'string') {
    if (value.length >= CHARACTERS_PER_VISIT) visit(Math.floor(value.length / CHARACTERS_PER_VISIT));
  } else if (Array.isArray(value)) visit(value.length);
  else if (value instanceof Map) visit(value.size);
}

/** Counts reading a value with all that is in it, as comparing does. */
export function visitDeep(value: unknown): void {
  visitValue(value);
  if (Array.isArray(value) || value instanceof Map) for (const item of value.values()) if (typeof item === 'object' && item !== null) visitDeep(item);
}

/** Refuses to build a text or list that is too long, before it is built. */
export function checkLength(length: number): void {
  if (length > MOST_LENGTH) throw new MeterError(`a text or list would get longer than ${MOST_LENGTH.toLocaleString('en')}`);
}
