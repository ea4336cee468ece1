import { setTimeout as pause } from 'node:timers/promises';

/** Looks again and again until `look` answers something; throws when it has not within `limitMs`. */
export async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined, limitMs = 30_000, everyMs = 10): Promise<T> {
  for (const began = performance.now(); performance.now() - began < limitMs; await pause(everyMs)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`Waited in vain for ${what}.`);
}
