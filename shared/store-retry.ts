const DELAYS_MS = [50, 200, 500, 1_000, 2_000] as const;
const LAST_MS = 2_000;

/** Delays before retries while the store is unavailable, in ms. */
export const storeRetryMs = (failedAttempts: number): number => DELAYS_MS[failedAttempts] ?? LAST_MS;
