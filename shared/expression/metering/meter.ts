/*
 * Bounds the work and the results of expressions (S25). Owns the counters and their limits. Does not own what each operation costs, which
 * meter-tree.ts, to-plain.ts, and the functions decide. Invariants: 1. Work is counted before it is done. 2. An exhausted meter stays
 * exhausted, so an expression that hides the error (`||`, `exists`) can't continue. 3. All expressions of a step share one StepMeter.
 */
import { weightOf } from './weight.ts';

/** How many elements an expression may visit (S25). A visit takes about a microsecond. */
export const MOST_VISITS = 100_000;
/** How many elements all expressions of one step may visit. */
const MOST_STEP_VISITS = 1.5 * MOST_VISITS;
/** The maximum length of a text or list that a function builds. */
export const MOST_LENGTH = 10_000_000;
/** How many characters all expressions of one step may build. */
const MOST_BUILT = 2 * MOST_LENGTH;
/** How many characters of JSON the results of one step may contain, not counting the largest value they pass through. */
const MOST_COPIED = 16_000_000;
/** How many elements in lists and objects created by expressions one step may return. */
const MOST_MADE = 400_000;

/** Thrown when an expression does too much work. */
export class MeterError extends Error {}

/** What the expressions of one step have used so far. */
export interface StepMeter {
  visits: number;
  built: number;
  made: number;
  copied: number;
  largest: number;
  /** The first value passed through whole. It is weighed only if there is a second: most steps have one. */
  unweighed: object | undefined;
  passedOn: number;
}

export const createStepMeter = (): StepMeter => ({ visits: 0, built: 0, made: 0, copied: 0, largest: 0, unweighed: undefined, passedOn: 0 });

/** This many characters count as one element. */
const CHARACTERS_PER_VISIT = 64;

/* Evaluations are synchronous and never nested, so one set of counters is enough. */
let step: StepMeter = createStepMeter();
let granted = 0;
let visitsLeft = 0;
const prepared = new Set<string>();

/** Starts counting for an expression of this step. */
export function startMeter(meter: StepMeter): void {
  step = meter;
  granted = Math.min(MOST_VISITS, MOST_STEP_VISITS - meter.visits);
  visitsLeft = granted;
  if (prepared.size > 0) prepared.clear();
}

/** Adds what the expression has used to its step. */
export function stopMeter(): void {
  step.visits += granted - visitsLeft;
}

/** Throws if the meter is exhausted. Also called at the end, since `||` and `exists` continue after an error. */
export function checkMeter(): void {
  if (visitsLeft >= 0) return;
  const [who, limit] = granted < MOST_VISITS ? ['the expressions of this step read', MOST_STEP_VISITS] : ['the expression reads', MOST_VISITS];
  throw new MeterError(`${who} more than ${limit.toLocaleString('en')} elements`);
}

export function visit(count: number): void {
  visitsLeft -= count;
  if (visitsLeft < 0) checkMeter();
}

/** Counts the fixed cost of an evaluation, cached or not, so that an expression never fails depending on the cache. */
export function visitOnce(name: string, count: number): void {
  if (prepared.has(name)) return;
  prepared.add(name);
  visit(count);
}

/** Counts reading a value once: the elements of lists and maps, a share of long text. */
export function visitValue(value: unknown): void {
  if (typeof value === 'string') {
    if (value.length >= CHARACTERS_PER_VISIT) visit(Math.floor(value.length / CHARACTERS_PER_VISIT));
  } else if (typeof value !== 'object' || value === null) return;
  else if (Array.isArray(value)) visit(value.length);
  else if (value instanceof Map) visit(value.size);
  else if (value instanceof Uint8Array) visit(Math.floor(value.length / CHARACTERS_PER_VISIT));
}

/** Counts reading data that entered from JSON, including everything in it. */
export function visitData(data: object): void {
  const { elements, characters } = weightOf(data);
  visit(elements + Math.floor(characters / CHARACTERS_PER_VISIT));
}

const tooLong = (): MeterError => new MeterError(`a text or list would be longer than ${MOST_LENGTH.toLocaleString('en')}`);

/** Counts a text or list of this length, of which `added` is new. Call before building it. */
export function build(length: number, added = length): void {
  step.built += added;
  if (length > MOST_LENGTH || step.built > MOST_BUILT) throw tooLong();
}

/** Counts the elements of a list or object in a result. */
export function makeElements(count: number): void {
  step.made += count;
  if (step.made > MOST_MADE) throw new MeterError(`the result has more than ${MOST_MADE.toLocaleString('en')} elements`);
}

/** Counts characters in a result. The largest value is free, since passing it through makes nothing longer. */
export function copyText(length: number): void {
  step.copied += length;
  if (length > step.largest) step.largest = length;
  if (step.copied - step.largest > MOST_COPIED)
    throw new MeterError(`the result repeats values and has more than ${MOST_COPIED.toLocaleString('en')} characters`);
}

/** Counts data in a result that entered from JSON and passes through unchanged. */
export function copyData(data: object): void {
  step.passedOn++;
  if (step.passedOn === 1) {
    step.unweighed = data;
    return;
  }
  if (step.unweighed !== undefined) {
    copyText(weigh(step.unweighed));
    step.unweighed = undefined;
  }
  copyText(weigh(data));
}

/** Elements that count as one visit when data is only weighed. */
const WEIGHED_PER_VISIT = 16;

function weigh(data: object): number {
  const { elements, characters } = weightOf(data);
  visit(Math.floor(elements / WEIGHED_PER_VISIT));
  return characters;
}
