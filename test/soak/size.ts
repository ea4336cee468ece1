/*
 * Every scenario here has the size of its promise in `pnpm soak`, and a tenth of it in `pnpm test`; the code is the same. Each demands that enough
 * succeeded, since nothing goes wrong where nothing happens, and is held against a broken build that it must find fault with.
 */

const WHOLE = process.env.SOAK === 'whole';

/** How many of something: all, or a tenth, rounded up. */
export const sizeOf = (whole: number): number => (WHOLE ? whole : Math.ceil(whole / 10));

/** Long enough for a slow machine. */
export const SOAK_LIMIT_MS = WHOLE ? 3 * 3_600_000 : 180_000;
