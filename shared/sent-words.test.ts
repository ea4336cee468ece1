import { expect, test } from 'vitest';
import { z } from 'zod';
import { sentWords } from './sent-words.ts';

const said = (schema: z.ZodType, value: unknown): string | undefined => schema.safeParse(value, { error: sentWords }).error?.issues[0]?.message;

test.each<[z.ZodType, unknown, string]>([
  [z.string(), 5, 'must be text, but is a number'],
  [z.string(), null, 'must be text, but is null'],
  [z.number(), Number('many'), 'must be a number, but is not one'],
  [z.boolean(), 'yes', 'must be true or false, but is text'],
  [z.array(z.string()), {}, 'must be a list, but is an object'],
  [z.strictObject({}), [], 'must be an object, but is a list'],
  [z.record(z.string(), z.string()), 'x', 'must be an object, but is text'],
  [z.string(), undefined, 'is missing'],
  [z.enum(['a', 'b']), undefined, 'is missing'],
  [z.enum(['open', 'done']), 'opne', 'must be one of open, done, but is ‘opne’, which is near ‘open’'],
  [z.enum(['running', 'failed']), 'runing', 'must be one of running, failed, but is ‘runing’, which is near ‘running’'],
  [z.enum(['running', 'failed']), 7, 'must be one of running, failed, but is a number'],
  [z.enum(['running', 'failed']), 'x'.repeat(60), 'must be one of running, failed, but is another text'],
  [z.literal('a'), 'c', 'must be a, but is ‘c’'],
  [z.union([z.literal('draft'), z.number()]), 'old', 'is none of what is possible here'],
  [z.string().min(1), '', 'must not be empty'],
  [z.string().min(8), 'x', 'must have at least 8 characters, but has 1'],
  [z.array(z.string()).min(1), [], 'must have at least 1 entry, but has 0'],
  [z.array(z.string()).max(2), ['', '', ''], 'must have at most 2 entries, but has 3'],
  [z.number().max(9), 10, 'must be at most 9, but is 10'],
  [z.iso.datetime(), 'yesterday', 'must be a time in ISO 8601, such as 2027-01-31T09:00:00Z'],
  [z.string().regex(/^x$/, 'must be an x'), 'y', 'must be an x'],
])('%# what is wrong is said in words that read on from its path', (schema, value, words) => {
  expect(said(schema, value)).toBe(words);
});
