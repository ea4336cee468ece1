import { Optional } from '@marcbachmann/cel-js';
import { defineFunctions } from './define.ts';

/** Unlike `orValue`, also replaces a value that is null. */
function orDefault(value: unknown, other: unknown): unknown {
  const found = value instanceof Optional ? value.orValue(null) : value;
  return found === null || found === undefined ? other : found;
}

export const missingFunctions = defineFunctions('Missing values', [
  { signature: 'has(object.member)', doc: 'Whether the field exists.', example: 'has(input.tier)', result: true },
  {
    signature: 'optional.orValue(other)',
    doc: 'The value, or the other one if it is missing. Keeps null.',
    example: 'input.?language.orValue("en")',
    result: 'en',
  },
  {
    signature: 'optional.orDefault(other)',
    doc: 'The value, or the other one if it is missing or null.',
    example: '{"tier": null}.?tier.orDefault("free")',
    result: 'free',
    overloads: { 'dyn.orDefault(dyn): dyn': orDefault },
  },
  { signature: 'optional.hasValue()', doc: 'Whether there is a value.', example: 'input.?language.hasValue()', result: false },
]);
