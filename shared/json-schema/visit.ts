import type { FieldError } from '../errors.ts';
import { type Meter, TooMuchWork } from './meter.ts';

/** More errors don't help the reader. */
export const MAX_ERRORS = 20;
/** How many schemas may be nested while validating. Keeps validation within the stack. */
const DEEPEST = 500;
const LONGEST_NAME = 100;
/** The work of an error, and of each part of its path. */
const ERROR_UNITS = 20;
const PART_UNITS = 8;
/** How many failed alternatives within each other are explained. Each explanation checks all alternatives again. */
const MAX_EXPLAINED = 3;
const LONGEST_MESSAGE = 300;

/** Whether a value is valid. Errors are recorded in the visit. */
export type Check = (value: unknown, visit: Visit) => boolean;

const shortened = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…` : text);

/**
 * A validation in progress: its position, its errors, and the work it may still do. Every check counts what it visits, before it does so.
 */
export class Visit {
  errors: FieldError[] = [];
  readonly #meter: Meter;
  readonly #path: (string | number)[] = [];
  #named: object | undefined;
  #names: readonly string[] = [];
  #quiet = 0;
  #explaining = 0;
  #depth = 0;

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  /** Counts work before it is done. */
  spend(units: number): void {
    this.#meter.spend(units);
  }

  /** The names of an object's fields, cached because combined schemas request the same ones again and again. */
  namesOf(value: object): readonly string[] {
    if (this.#named === value) return this.#names;
    this.#names = Object.keys(value);
    this.#named = value;
    this.spend(2 * this.#names.length);
    return this.#names;
  }

  /** Whether to stop at the first error: only the outcome is needed, or there are enough errors. */
  get stops(): boolean {
    return this.#quiet > 0 || this.errors.length >= MAX_ERRORS;
  }

  /** Records an error here, or at the field `name` below. Returns false, the result of the check. */
  fail(message: string, name?: string): false {
    if (this.stops) return false;
    this.spend(ERROR_UNITS + PART_UNITS * this.#path.length);
    if (name !== undefined) this.#path.push(name);
    this.errors.push({ path: this.place, message: shortened(message, LONGEST_MESSAGE) });
    if (name !== undefined) this.#path.pop();
    return false;
  }

  /** The current path. */
  get place(): string {
    return this.#path.map((part) => shortened(String(part), LONGEST_NAME)).join('.');
  }

  /** Adds an error found by another check. */
  keep(error: FieldError): void {
    if (!this.stops) this.errors.push(error);
  }

  /** Called when checking a schema starts (`enter`) and ends (`leave`). */
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

  /** Whether the value is valid, without recording errors. */
  test(value: unknown, check: Check): boolean {
    this.#quiet++;
    const fits = check(value, this);
    this.#quiet--;
    return fits;
  }

  /** Whether a failed alternative is worth explaining here. */
  get explains(): boolean {
    return !this.stops && this.#explaining < MAX_EXPLAINED;
  }

  /** Returns the errors of a check instead of recording them. */
  errorsOf(value: unknown, check: Check): FieldError[] {
    const before = this.errors;
    this.errors = [];
    this.#explaining++;
    check(value, this);
    this.#explaining--;
    const found = this.errors;
    this.errors = before;
    return found;
  }
}
