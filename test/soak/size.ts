import { patience } from '../kit/patience.ts';

/*
 * Every scenario here has the size of its promise in `pnpm soak`, a tenth of it in `pnpm test:full`, and a fiftieth of it in `pnpm test`;
 * the code is the same. Each one asserts that enough succeeded, since nothing goes wrong if nothing happens, and runs against a broken
 * build that it must catch.
 */

/** `whole` or `tenth`. Unset: the smallest size. */
export const SIZE = process.env.TEST_SIZE;

const SHARES: Readonly<Record<string, number>> = { whole: 1, tenth: 10 };

/** How many of something at this size, rounded up. */
export const sizeOf = (whole: number): number => Math.ceil(whole / (SHARES[SIZE ?? ''] ?? 50));

/** Many times what a scenario needs. */
export const SOAK_LIMIT_MS = patience(SIZE === 'whole' ? 3 * 3_600_000 : 1_200_000);
