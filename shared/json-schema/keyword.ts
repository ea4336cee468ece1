import type { Check } from './visit.ts';

/** What the checks of keywords are compiled with. */
export type Compile = {
  /** The check of a schema; each schema object has one. */
  readonly compile: (schema: unknown) => Check;
  /** The target of a `$ref`. */
  readonly target: (reference: unknown) => unknown;
};

/** Compiles the check of one keyword; undefined if the keyword has no effect here. */
export type Keyword = (value: unknown, schema: Record<string, unknown>, compiler: Compile) => Check | undefined;
