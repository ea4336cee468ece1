import { expect, test } from 'vitest';
import { z } from 'zod';
import { bodyIssueMessage } from './body-issue-message.ts';

const said = (schema: z.ZodType, value: unknown): string | undefined => schema.safeParse(value, { error: bodyIssueMessage }).error?.issues[0]?.message;

test.each<[z.ZodType, unknown, string]>([
  [z.string(), 5, 'must be text, but is a number'],
  [z.string(), null, 'must be text, but is null'],
  [z.number(), Number('many'), 'must be a number, but is not a number'],
  [z.boolean(), 'yes', 'must be true or false, but is text'],
  [z.array(z.string()), {}, 'must be a list, but is an object'],
  [z.strictObject({}), [], 'must be an object, but is a list'],
  [z.record(z.string(), z.string()), 'x', 'must be an object, but is text'],
  [z.string(), undefined, 'is missing'],
  [z.enum(['a', 'b']), undefined, 'is missing'],
  [z.enum(['open', 'done']), 'opne', 'must be one of open, done, but is “opne” (did you mean “open”?)'],
  [z.enum(['running', 'failed']), 'runing', 'must be one of running, failed, but is “runing” (did you mean “running”?)'],
  [z.enum(['running', 'failed']), 7, 'must be one of running, failed, but is a number'],
  [z.enum(['running', 'failed']), 'x'.repeat(60), 'must be one of running, failed, but is a longer text'],
  [z.literal('a'), 'c', 'must be a, but is “c”'],
  [z.union([z.literal('draft'), z.number()]), 'old', 'is not an allowed value'],
  [z.string().min(1), '', 'must not be empty'],
  [z.string().min(8), 'x', 'must have at least 8 characters, but has 1'],
  [z.array(z.string()).min(1), [], 'must have at least 1 item, but has 0'],
  [z.array(z.string()).max(2), ['', '', ''], 'must have at most 2 items, but has 3'],
  [z.number().max(9), 10, 'must be at most 9, but is 10'],
  [z.iso.datetime(), 'yesterday', 'must be an ISO 8601 time, for example 2027-01-31T09:00:00Z'],
  [z.string().regex(/^x$/, 'must be an x'), 'y', 'must be an x'],
])('%# every message follows the path it is about', (schema, value, words) => {
  expect(said(schema, value)).toBe(words);
});
