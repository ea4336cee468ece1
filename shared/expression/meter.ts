/*
 * Counts the work of one evaluation. Evaluations are synchronous and never nested, so one counter serves them all.
 */

/** How many elements an evaluation may visit (S25). */
export const MOST_VISITS = 100_000;
/** The longest text or list that a function may build. */
export const MOST_LENGTH = 10_000_000;

/** Thrown when an evaluation has done too much. */
export class MeterError extends Error {}

/** How much the functions of one evaluation may build together. */
const MOST_BUILT = 5 * MOST_LENGTH;

/** So many characters count as one element. */
const CHARACTERS_PER_VISIT = 64;

let visitsLeft = MOST_VISITS;
let buildLeft = MOST_BUILT;
const prepared = new Set<string>();

export function resetMeter(): void {
  visitsLeft = MOST_VISITS;
  buildLeft = MOST_BUILT;
  prepared.clear();
}

/** Throws once the evaluation has visited too much. `||` and `exists` go on after an error, so this is asked at the end again. */
export function checkMeter(): void {
  if (visitsLeft < 0) throw new MeterError(`the expression looks at more than ${MOST_VISITS.toLocaleString('en')} elements`);
}

export function visit(count: number): void {
  visitsLeft -= count;
  checkMeter();
}

/** Counts what has to be done once per evaluation, whatever was kept from earlier ones: the same expression never fails by chance. */
export function visitOnce(name: string, count: number): void {
  if (prepared.has(name)) return;
  prepared.add(name);
  visit(count);
}

/** Counts reading a value once: elements of lists and maps, a share of long text. */
export function visitValue(value: unknown): void {
  if (typeof value === 'string') {
    if (value.length >= CHARACTERS_PER_VISIT) visit(Math.floor(value.length / CHARACTERS_PER_VISIT));
  } else if (Array.isArray(value)) visit(value.length);
  else if (value instanceof Map) visit(value.size);
}

/** Counts reading a value with all that is in it, as comparing and making JSON of it do. */
export function visitDeep(value: unknown): void {
  visitValue(value);
  if (Array.isArray(value) || value instanceof Map)
    for (const item of value.values()) if (typeof item === 'object' || typeof item === 'string') visitDeep(item);
}

/** Refuses to build a text or list that is too long, or that is one too many, before it is built. */
export function checkLength(length: number): void {
  buildLeft -= length;
  if (length > MOST_LENGTH || buildLeft < 0) throw new MeterError(`a text or list would get longer than ${MOST_LENGTH.toLocaleString('en')}`);
}
