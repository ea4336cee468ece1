import type { FieldError } from '../errors.ts';
import { type Meter, TooMuchWork } from './meter.ts';

/** More errors than this help no reader. */
export const MAX_ERRORS = 20;
/** How many schemas may be in hand at once. Keeps validation within the stack. */
const DEEPEST = 500;
const LONGEST_NAME = 100;
const LONGEST_MESSAGE = 300;

/** Whether a value fits. Errors are recorded in the visit. */
export type Check = (value: unknown, visit: Visit) => boolean;

const shortened = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…` : text);

/** One running validation: where it is, what it found, and how much work it may still do. Every check pays for what it touches, before it does so. */
export class Visit {
  errors: FieldError[] = [];
  readonly #meter: Meter;
  readonly #path: (string | number)[] = [];
  #named: object | undefined;
  #names: readonly string[] = [];
  #quiet = 0;
  #depth = 0;

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  /** Pays for work before it is done. */
  spend(units: number): void {
    this.#meter.spend(units);
  }

  /** The names of an object's fields. Schemas put together ask for the same ones again and again. */
  namesOf(value: object): readonly string[] {
    if (this.#named === value) return this.#names;
    this.#names = Object.keys(value);
    this.#named = value;
    this.spend(2 * this.#names.length);
    return this.#names;
  }

  /** Whether to stop at the first error: only the answer is wanted, or there are errors enough. */
  get stops(): boolean {
    return this.#quiet > 0 || this.errors.length >= MAX_ERRORS;
  }

  /** Records an error at this place, or at the field `name` below it. Always false, as the result of the check. */
  fail(message: string, name?: string): false {
    if (this.stops) return false;
    if (name !== undefined) this.#path.push(name);
    this.errors.push({ path: this.place, message: shortened(message, LONGEST_MESSAGE) });
    if (name !== undefined) this.#path.pop();
    return false;
  }

  /** The path of this place. */
  get place(): string {
    return this.#path.map((part) => shortened(String(part), LONGEST_NAME)).join('.');
  }

  /** Records an error that another check found. */
  keep(error: FieldError): void {
    if (!this.stops) this.errors.push(error);
  }

  /** A schema begins or ends to be checked. */
  enter(): void {
    if (++this.#depth > DEEPEST) throw new TooMuchWork();
  }
  leave(): void {
    this.#depth--;
  }

  /** Checks a field or item. */
  below(name: string | number, value: unknown, check: Check): boolean {
    this.#path.push(name);
    const fits = check(value, this);
    this.#path.pop();
    return fits;
  }

  /** Whether the value fits, without recording errors. */
  test(value: unknown, check: Check): boolean {
    this.#quiet++;
    const fits = check(value, this);
    this.#quiet--;
    return fits;
  }

  /** The errors of a check, kept apart. */
  errorsOf(value: unknown, check: Check): FieldError[] {
    const before = this.errors;
    this.errors = [];
    check(value, this);
    const found = this.errors;
    this.errors = before;
    return found;
  }
}
