import type { RedactionRule } from '@switchyard/shared/contracts/redaction-rules.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { patternFault } from '@switchyard/shared/expression/patterns/pattern-fault.ts';

/** Throws `bad-request` with the path of each own pattern that can’t be used. `at`: the path of the rules in the request. */
export function checkPatterns(rules: readonly RedactionRule[], at: string): void {
  const fields = rules.flatMap((rule, index): FieldError[] => {
    const message = rule.detector === 'pattern' ? patternFault(rule.pattern) : undefined;
    return message === undefined ? [] : [{ path: `${at}.${index}.pattern`, message }];
  });
  if (fields.length > 0) throw new AppError('bad-request', fields.map(({ path, message }) => `${path}: ${message}`).join('; '), { fields });
}
