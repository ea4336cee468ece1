import type { Check } from './visit.ts';

/** What the checks of keywords are made with. */
export type Compile = {
  /** The check of a schema; each schema object has one. */
  readonly compile: (schema: unknown) => Check;
  /** The schema that a `$ref` leads to. */
  readonly target: (reference: unknown) => unknown;
};

/** Makes the check of one keyword; undefined when the keyword says nothing here. */
export type Keyword = (value: unknown, schema: Record<string, unknown>, compiler: Compile) => Check | undefined;
