/**
 * The work that one validation may do, in units of about 40 ns: about 100 ms in total. A body of 1 MB with an ordinary schema needs a tenth
 * of that.
 */
const MOST_WORK = 2_500_000;

/** Thrown if the value is too large or too nested for this schema. */
export class TooMuchWork extends Error {}

/** The error message for such a value. */
export const TOO_LARGE = 'is too large or too nested to check against its schema';

/** Counts the work of one validation. Both the value and the schema may come from outside. */
export class Meter {
  #left = MOST_WORK;

  /** Counts work before it is done. Throws TooMuchWork. */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw new TooMuchWork();
  }
}
