import type { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  string: 'must be text',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be on or off',
  array: 'must be a list',
  object: 'must be a set of named values',
};

/** Words for what a schema finds wrong, where the schema brings none of its own. */
export function issueWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') return wrongKind(issue.input === undefined, KINDS[issue.expected]);
  if (issue.code === 'invalid_value') return `Choose one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small') return issue.origin === 'string' ? 'Write something here' : `The least possible is ${String(issue.minimum)}`;
  if (issue.code === 'too_big') return `The most possible is ${String(issue.maximum)}${issue.origin === 'string' ? ' characters' : ''}`;
  return undefined;
}

const wrongKind = (missing: boolean, wanted: string | undefined): string =>
  missing ? ['This is missing', wanted].filter(Boolean).join(' and ') : `This ${wanted ?? 'is of the wrong kind'}`;
