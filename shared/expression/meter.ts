/*
 * Bounds the work and the results of expressions (S25). Owns: the counters and their limits. Does not own: what counts as how much, which
 * meter-tree.ts, to-plain.ts and the functions say. Invariants: 1. Work is counted before it is done. 2. An exhausted meter stays
 * exhausted, so an expression that covers up the error (`||`, `exists`) can't continue. 3. All expressions of a step share one StepMeter.
 */
import { weightOf } from './weight.ts';

/** How many elements an expression may visit (S25). A visit takes about a microsecond. */
export const MOST_VISITS = 100_000;
/** How many elements the expressions of one step may visit in all. */
const MOST_STEP_VISITS = 3 * MOST_VISITS;
/** The longest text or list that a function may build. */
export const MOST_LENGTH = 10_000_000;
/** How many characters the expressions of one step may build in all. */
const MOST_BUILT = 2 * MOST_LENGTH;
/** How many characters of JSON the results of one step may have in all, besides the largest value they pass on. */
const MOST_COPIED = 16_000_000;
/** How many elements of lists and objects made by expressions one step may return. */
const MOST_MADE = 400_000;

/** Thrown when an expression does too much. */
export class MeterError extends Error {}

/** What the expressions of one step have used so far. */
export interface StepMeter {
  visits: number;
  built: number;
  made: number;
  copied: number;
  largest: number;
  /** The first value that was passed on whole. It is weighed only when there is a second: most steps have one. */
  unweighed: object | undefined;
  passedOn: number;
}

export const createStepMeter = (): StepMeter => ({ visits: 0, built: 0, made: 0, copied: 0, largest: 0, unweighed: undefined, passedOn: 0 });

/** So many characters count as one element. */
const CHARACTERS_PER_VISIT = 64;

/* Evaluations are synchronous and never nested, so one set of counters serves all. */
let step: StepMeter = createStepMeter();
let granted = 0;
let visitsLeft = 0;
const prepared = new Set<string>();

/** Begins counting for an expression of this step. */
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

/** Throws if the meter is exhausted. Asked at the end as well, since `||` and `exists` continue after an error. */
export function checkMeter(): void {
  if (visitsLeft >= 0) return;
  const [who, limit] = granted < MOST_VISITS ? ['the expressions of this step look', MOST_STEP_VISITS] : ['the expression looks', MOST_VISITS];
  throw new MeterError(`${who} at more than ${limit.toLocaleString('en')} elements`);
}

export function visit(count: number): void {
  visitsLeft -= count;
  if (visitsLeft < 0) checkMeter();
}

/** Counts what is needed once per evaluation, cached or not, so that the same expression never fails by chance. */
export function visitOnce(name: string, count: number): void {
  if (prepared.has(name)) return;
  prepared.add(name);
  visit(count);
}

/** Counts reading a value once: elements of lists and maps, a share of long text. */
export function visitValue(value: unknown): void {
  if (typeof value === 'string') {
    if (value.length >= CHARACTERS_PER_VISIT) visit(Math.floor(value.length / CHARACTERS_PER_VISIT));
  } else if (typeof value !== 'object' || value === null) return;
  else if (Array.isArray(value)) visit(value.length);
  else if (value instanceof Map) visit(value.size);
  else if (value instanceof Uint8Array) visit(Math.floor(value.length / CHARACTERS_PER_VISIT));
}

/** Counts reading data that entered from JSON, with everything in it. */
export function visitData(data: object): void {
  const { elements, characters } = weightOf(data);
  visit(elements + Math.floor(characters / CHARACTERS_PER_VISIT));
}

const tooLong = (): MeterError => new MeterError(`a text or list would get longer than ${MOST_LENGTH.toLocaleString('en')}`);

/** Counts a text or list of this length, of which `added` is new. Ask before building it. */
export function build(length: number, added = length): void {
  step.built += added;
  if (length > MOST_LENGTH || step.built > MOST_BUILT) throw tooLong();
}

/** Counts the elements of a list or object in a result. */
export function makeElements(count: number): void {
  step.made += count;
  if (step.made > MOST_MADE) throw new MeterError(`the result has more than ${MOST_MADE.toLocaleString('en')} elements`);
}

/** Counts characters in a result. The largest value is free: passing it on makes nothing longer. */
export function copyText(length: number): void {
  step.copied += length;
  if (length > step.largest) step.largest = length;
  if (step.copied - step.largest > MOST_COPIED)
    throw new MeterError(`the result repeats values until it has more than ${MOST_COPIED.toLocaleString('en')} characters`);
}

/** Counts data in a result that entered from JSON and is passed on unchanged. */
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
