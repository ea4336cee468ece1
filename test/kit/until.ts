import { setTimeout as pause } from 'node:timers/promises';

/** Asks again until there is something to see; throws after `limitMs` naming what was waited for. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false> | T | undefined | false, limitMs = 15_000): Promise<T> {
  const end = performance.now() + limitMs;
  while (performance.now() < end) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    await pause(10);
  }
  throw new Error(`Waited ${limitMs} ms in vain for ${what}.`);
}
