import { linearPattern } from './linear-pattern.ts';

/** What is wrong with a pattern that searches text for values. Undefined if nothing is. */
export function patternFault(source: string): string | undefined {
  try {
    return linearPattern(source).matcher('').find() ? 'must not match an empty text' : undefined;
  } catch (thrown) {
    return `is not a valid pattern: ${(thrown instanceof Error ? thrown.message : String(thrown)).replace(/^error parsing regexp: /, '')}`;
  }
}
