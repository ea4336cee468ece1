/** How long a lease is held without renewing it. */
const RENEW_MS = 5_000;

export interface HeldLease {
  hold(): Promise<boolean>;
  release(): Promise<void>;
}

/** A lease, renewed at most every RENEW_MS. `now`: in ms. */
export function createHolding(lease: HeldLease, now: () => number) {
  let until = Number.NEGATIVE_INFINITY;
  return {
    renew: async (): Promise<boolean> => {
      if (now() < until) return true;
      const isHeld = await lease.hold();
      if (isHeld) until = now() + RENEW_MS;
      return isHeld;
    },
    end: async (): Promise<void> => {
      if (until > Number.NEGATIVE_INFINITY) await lease.release();
    },
  };
}
