import v8 from 'node:v8';
import vm from 'node:vm';

/** Requests right after the start are answered first. */
const AFTER_MS = 2_000;

/**
 * Returns the memory that only startup needed to the system, once, about 40 MB. V8 would keep a heap of that size while the server is idle.
 * Blocks the event loop for about 60 ms.
 */
export function returnStartupMemory(): void {
  setTimeout(() => {
    v8.setFlagsFromString('--expose-gc');
    const collect = vm.runInNewContext('gc') as (options: { type: string; execution: string; flavor: string }) => void;
    v8.setFlagsFromString('--no-expose-gc');
    // Only this flavor shrinks the space for new objects.
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, AFTER_MS).unref();
}
