import { setTimeout as pause } from 'node:timers/promises';
import { PATIENCE_MS } from './patience.ts';

/** Polls until there is something to see. Throws after `limitMs` and says what it waited for. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false> | T | undefined | false, limitMs = PATIENCE_MS): Promise<T> {
  const end = performance.now() + limitMs;
  while (performance.now() < end) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    await pause(10);
  }
  throw new Error(`Timed out after ${limitMs} ms waiting for ${what}.`);
}
