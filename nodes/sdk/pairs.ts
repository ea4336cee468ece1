import { AppError } from '@switchyard/shared/errors.ts';
import type { FieldPath, ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import { z } from 'zod';
import { asText } from './as-value.ts';
import { type FieldHints, field } from './field.ts';

/** A list of names with a template each: query parameters, headers, form fields, review context. */
export const pairs = (hints: FieldHints) =>
  field(z.array(z.object({ name: z.string(), value: field(z.string(), { label: 'Value', expression: 'template' }) })), { control: 'pairs', ...hints });

export interface Pair {
  readonly name: string;
  readonly value: unknown;
}

/** Named pairs as text. Repeated names are kept. */
export const textPairs = (list: readonly Pair[]): [string, string][] =>
  list.filter((pair) => pair.name.trim() !== '').map((pair) => [pair.name.trim(), asText(pair.value)]);

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Headers of the connection (RFC 9110 §7.6.1) or derived from the body. Setting them would break the message. */
const OURS = new Set(['connection', 'content-length', 'host', 'keep-alive', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

const nameProblem = (name: string): string | undefined => {
  if (!TOKEN.test(name)) return `“${name}” is not a valid header name`;
  return OURS.has(name.toLowerCase()) ? `The “${name}” header is set automatically. Remove it.` : undefined;
};

/** Characters that a header value cannot contain (RFC 9110 §5.5). */
const NO_HEADER = /[^\t\x20-\x7e\x80-\xff]/u;

/** Problems of header names, before a run. */
export const headerIssues = (path: FieldPath, list: readonly Pair[]): ParamIssue[] =>
  list.flatMap(({ name }, index) => {
    const message = name.trim() === '' ? 'Name this header' : nameProblem(name.trim());
    return message ? [{ path: [...path, index, 'name'], message }] : [];
  });

/** Headers by lowercase name. An invalid name, or CR, LF, or NUL in a value, is an error (S26): a value could otherwise add headers. */
export function headerRecord(list: readonly Pair[]): Record<string, string> {
  const entries = textPairs(list).map(([name, value]): [string, string] => {
    const problem = nameProblem(name);
    if (problem) throw new AppError('node-failed', problem);
    if (/[\r\n\0]/.test(value)) throw new AppError('node-failed', `The value of the “${name}” header contains a line break. Remove it.`);
    const [foreign] = value.match(NO_HEADER) ?? [];
    if (foreign) throw new AppError('node-failed', `The value of the “${name}” header contains “${foreign}”, which headers can’t carry. Send it in the body.`);
    return [name.toLowerCase(), value.trim()];
  });
  return Object.fromEntries(entries);
}
