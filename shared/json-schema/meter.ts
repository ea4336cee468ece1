/** The work that one pass over a value may do, in units of about 40 ns: some 100 ms. A body of 1 MB and an ordinary schema need a tenth. */
const MOST_WORK = 2_500_000;

/** The value is too large or too nested for this schema. */
export class TooMuchWork extends Error {}

/** What an error says about such a value. */
export const TOO_LARGE = 'is too large or too nested to check against its schema';

/** Counts the work of one pass over a value with a schema: both may come from outside. */
export class Meter {
  #left = MOST_WORK;

  /** Pays for work before it is done. Throws TooMuchWork. */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw new TooMuchWork();
  }
}
