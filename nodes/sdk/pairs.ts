import { AppError } from '@switchyard/shared/errors.ts';
import type { FieldPath, ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import { z } from 'zod';
import { asText } from './as-value.ts';
import { type FieldHints, field } from './field.ts';

/** A list of names with a template each: query, headers, form fields, what a reviewer is shown. */
export const pairs = (hints: FieldHints) =>
  field(z.array(z.object({ name: z.string(), value: field(z.string(), { label: 'Value', expression: 'template' }) })), { control: 'pairs', ...hints });

export interface Pair {
  readonly name: string;
  readonly value: unknown;
}

/** Pairs as text by name, those without a name left out; of two with one name both are kept. */
export const textPairs = (list: readonly Pair[]): [string, string][] =>
  list.filter((pair) => pair.name.trim() !== '').map((pair) => [pair.name.trim(), asText(pair.value)]);

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Headers that belong to the connection (RFC 9110 §7.6.1) or are made from the body; setting them would break the message. */
const OURS = new Set(['connection', 'content-length', 'host', 'keep-alive', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

const nameProblem = (name: string): string | undefined => {
  if (!TOKEN.test(name)) return `‘${name}’ is not a header name: only letters, digits and - are possible`;
  return OURS.has(name.toLowerCase()) ? `The header ‘${name}’ is set by the connection itself; remove it here` : undefined;
};

/** Characters outside of what a header's value may hold (RFC 9110 §5.5). */
const NO_HEADER = /[^\t\x20-\x7e\x80-\xff]/u;

/** What is wrong with the names of headers, before a run. */
export const headerIssues = (path: FieldPath, list: readonly Pair[]): ParamIssue[] =>
  list.flatMap(({ name }, index) => {
    const message = name.trim() === '' ? 'Name this header' : nameProblem(name.trim());
    return message ? [{ path: [...path, index, 'name'], message }] : [];
  });

/** Headers by name in lower case. A name that is none, or a value with CR, LF or NUL, is an error (S26), as it would let a value add headers. */
export function headerRecord(list: readonly Pair[]): Record<string, string> {
  const entries = textPairs(list).map(([name, value]): [string, string] => {
    const problem = nameProblem(name);
    if (problem) throw new AppError('node-failed', problem);
    if (/[\r\n\0]/.test(value))
      throw new AppError('node-failed', `The header ‘${name}’ has a line break in its value. Remove it, so that the value cannot add headers of its own.`);
    const [foreign] = value.match(NO_HEADER) ?? [];
    if (foreign) throw new AppError('node-failed', `The header ‘${name}’ has ‘${foreign}’ in its value, which headers cannot carry. Send it in the body.`);
    return [name.toLowerCase(), value.trim()];
  });
  return Object.fromEntries(entries);
}
