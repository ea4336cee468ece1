import type { RedactionRule } from '@switchyard/shared/contracts/redaction-rules.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { linearPattern } from '@switchyard/shared/expression/patterns/linear-pattern.ts';

/** Throws `bad-request` with the path of each own pattern that can’t be used. `at`: the path of the rules in the request. */
export function checkPatterns(rules: readonly RedactionRule[], at: string): void {
  const fields = rules.flatMap((rule, index): FieldError[] => {
    const message = rule.detector === 'pattern' ? faultIn(rule.pattern) : undefined;
    return message === undefined ? [] : [{ path: `${at}.${index}.pattern`, message }];
  });
  if (fields.length > 0) throw new AppError('bad-request', fields.map(({ path, message }) => `${path}: ${message}`).join('; '), { fields });
}

function faultIn(source: string): string | undefined {
  try {
    return linearPattern(source).matcher('').find() ? 'must not match an empty text' : undefined;
  } catch (thrown) {
    return `is not a valid pattern: ${(thrown instanceof Error ? thrown.message : String(thrown)).replace(/^error parsing regexp: /, '')}`;
  }
}
