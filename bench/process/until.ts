import { setTimeout as pause } from 'node:timers/promises';

/** Calls `look` repeatedly until it returns a value. Throws if it hasn't within `limitMs`. */
export async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined, limitMs = 30_000, everyMs = 10): Promise<T> {
  for (const began = performance.now(); performance.now() - began < limitMs; await pause(everyMs)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`Timed out waiting for ${what}.`);
}
