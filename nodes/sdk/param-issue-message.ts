import type { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  string: 'must be text',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object',
};

/** The message for an issue whose schema has none of its own. */
export function paramIssueMessage(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') return wrongKind(issue.input === undefined, KINDS[issue.expected]);
  if (issue.code === 'invalid_value') return `Choose one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small') return issue.origin === 'string' ? 'Enter a value' : `Must be at least ${String(issue.minimum)}`;
  if (issue.code === 'too_big') return `Must be at most ${String(issue.maximum)}${issue.origin === 'string' ? ' characters' : ''}`;
  return undefined;
}

const wrongKind = (missing: boolean, wanted: string | undefined): string =>
  missing ? ['This is missing', wanted].filter(Boolean).join(' and ') : `This ${wanted ?? 'has the wrong type'}`;
