import type { ConsoleLine } from '@switchyard/shared/run/events.ts';

/* Messages between the pool and a worker. Values travel as JSON text: the sandbox parses and writes it itself. */

export interface CodeJob {
  /** The body of a function of the scope’s names, in JavaScript or TypeScript. */
  readonly source: string;
  /** A module whose exports the code calls as `helpers.<name>`. */
  readonly helpers?: string | undefined;
  /** JSON of `{input, steps, item, index, vars}`. */
  readonly scope: string;
  /** What `Date.now()` returns, in ms since 1970. */
  readonly now: number;
  /** Seeds `Math.random()`. */
  readonly seed: string;
}

export interface CodeFault {
  readonly message: string;
  /** Where in the source, or in the helpers, counted from 1. */
  readonly line?: number;
  readonly column?: number;
  readonly inHelpers?: true;
}

/** How a job ended, and what it couldn’t keep of its console. */
interface Ended {
  readonly ms: number;
  readonly leftOut: number;
}

export type FromWorker =
  /** The job begins: from here on, its time counts. */
  | { readonly kind: 'started' }
  /** Sent at once, so lines of code that never ends are not lost. */
  | { readonly kind: 'console'; readonly line: ConsoleLine }
  /** `output` is JSON. */
  | ({ readonly kind: 'done'; readonly output: string } & Ended)
  | ({ readonly kind: 'failed'; readonly fault: CodeFault } & Ended);
