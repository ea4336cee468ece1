import type { z } from 'zod';
import { closest } from './expression/closest.ts';

/*
 * Messages for what a schema rejects in a body, a query, or a file. Each follows the path it is about:
 * "name must be text, but is a number".
 */

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};
const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'an ISO 8601 time, for example 2027-01-31T09:00:00Z',
  url: 'a URL, for example https://example.com/v1',
  email: 'an email address',
};

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Number.isNaN(value)) return 'not a number';
  return Array.isArray(value) ? 'a list' : (KINDS[typeof value] ?? 'another type');
}

/** For `safeParse(value, { error: bodyIssueMessage })`. Undefined where zod's own message is good enough. The schema's own messages take precedence. */
export function bodyIssueMessage(issue: z.core.$ZodRawIssue): string | undefined {
  const missing = issue.input === undefined;
  switch (issue.code) {
    case 'invalid_type':
      return missing ? 'is missing' : `must be ${KINDS[issue.expected] ?? issue.expected}, but is ${kindOf(issue.input)}`;
    case 'invalid_value':
      return missing ? 'is missing' : `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}${chosen(issue)}`;
    case 'invalid_union':
      return missing ? 'is missing' : 'is not an allowed value';
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'must not be empty'
        : `must ${bound(issue.origin, 'at least', issue.minimum)}${measured(issue.input)}`;
    case 'too_big':
      return `must ${bound(issue.origin, 'at most', issue.maximum)}${measured(issue.input)}`;
    case 'invalid_format':
      return FORMATS[issue.format] && `must be ${FORMATS[issue.format]}`;
    default:
      return undefined;
  }
}

const COUNTED: Readonly<Record<string, string>> = { string: 'character', array: 'item', set: 'item' };

function bound(origin: string, limit: 'at least' | 'at most', count: number | bigint): string {
  const unit = COUNTED[origin];
  if (unit === undefined) return `be ${limit} ${count}`;
  const several = unit === 'item' ? 'items' : 'characters';
  return `have ${limit} ${count} ${Number(count) === 1 ? unit : several}`;
}

const LONGEST_QUOTE = 40;

/** The actual value instead of an allowed one, and the allowed one it probably means. */
function chosen({ input, values }: { readonly input?: unknown; readonly values: readonly unknown[] }): string {
  if (typeof input !== 'string') return `, but is ${kindOf(input)}`;
  const meant = values.length > 1 && closest(input, values.map(String));
  return `, but is ${input.length > LONGEST_QUOTE ? 'a longer text' : `“${input}”`}${meant ? ` (did you mean “${meant}”?)` : ''}`;
}

/** The size of the value. */
function measured(input: unknown): string {
  if (typeof input === 'number') return `, but is ${input}`;
  return typeof input === 'string' || Array.isArray(input) ? `, but has ${input.length}` : '';
}
