import { admit } from '@switchyard/nodes/io/admit.ts';
import { inputParams } from '@switchyard/nodes/io/input.ts';
import { issueWords } from '@switchyard/nodes/sdk/issue-words.ts';
import type { FieldError } from '@switchyard/shared/errors.ts';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { z } from 'zod';

/*
 * A first look at whether an input fits, while it is typed. The server's check is the one that counts: what this one cannot read
 * it lets pass.
 */

/** What of an input does not fit the params of the input node. */
export function inputErrors(params: unknown, value: unknown): readonly FieldError[] {
  const read = inputParams.safeParse(params);
  if (!read.success) return [];
  const admitted = admit(read.data, value, fieldErrors);
  return admitted.ok ? [] : admitted.errors;
}

function fieldErrors(schema: JsonSchema, value: unknown): FieldError[] {
  let shape: z.ZodType;
  try {
    shape = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch {
    // A schema beyond what can be read here.
    return [];
  }
  const parsed = shape.safeParse(value, { error: inputWords });
  return parsed.success ? [] : parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'is not an e-mail address',
  datetime: 'is not a date and time (ISO 8601)',
  date: 'is not a date',
  url: 'is not a web address',
};

function inputWords(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is missing';
  if (issue.code === 'invalid_format') return FORMATS[issue.format] ?? `does not have the form ‘${issue.format}’`;
  const words = issueWords(issue);
  return words === undefined
    ? 'is not valid'
    : words
        .replace(/^This /, '')
        .replace(/^Choose one of/, 'must be one of')
        .replace(/^Write something here$/, 'is empty');
}

/** How much of what is required is there: "2 of 2 required fields". */
export function requiredWords(schema: unknown, value: unknown): string {
  const required = isPlainObject(schema) && Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === 'string') : [];
  if (required.length === 0) return 'no field is required';
  const there = required.filter((name) => isPlainObject(value) && Object.hasOwn(value, name)).length;
  return `${there} of ${required.length} required ${required.length === 1 ? 'field' : 'fields'}`;
}
