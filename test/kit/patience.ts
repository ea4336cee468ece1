/*
 * How long tests wait. No limit is a plain number of milliseconds: each is stretched by how slow this machine is right now, measured once
 * before the first test (measure-slowness.ts). Limits only end tests that hang, so they are many times what a test needs.
 */

/** 1 on the reference machine, 5 on one that is five times slower or busier. */
const SLOWNESS = Number(process.env.TEST_SLOWNESS ?? 1);

/** A limit in ms, stretched for this machine. */
export const patience = (ms: number): number => Math.round(ms * SLOWNESS);

/** For a single condition: a run that ends, a page that shows something. */
export const PATIENCE_MS = patience(60_000);

/**
 * For tests that measure time. Another process can take the processor for a moment, which is not the code's fault; code that is slow is
 * slow three times.
 */
export const TIMED = { retry: 2 } as const;
