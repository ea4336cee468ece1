import { isDeepStrictEqual } from 'node:util';
import { bodyIssueMessage } from '@switchyard/shared/body-issue-message.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { schemaIssues } from '@switchyard/shared/json-schema/schema-issues.ts';
import type { ChatMessage, MessagePart, ToolCall } from '@switchyard/shared/model/chat.ts';
import type { Request } from 'express';
import { z } from 'zod';
import { unsupported } from '../../services/openai-api/model-call.ts';
import type { BodyHold } from '../../services/webhooks/overload.ts';
import { readApiBody } from '../api-body.ts';
import { parseJson, textOfBody } from '../json-body.ts';
import { API_BODY_BYTES } from '../register.ts';

/*
 * Reads a request of the OpenAI API. A field is supported, or has no effect here and is ignored, or is rejected as `unsupported`. No
 * request gets an answer that silently lacks what it asked for.
 */

export interface KnownFields {
  /** Without effect on the answer: identifiers, hints, and best efforts. */
  readonly ignored: readonly string[];
  /** Fields that are accepted only with these values, which have no effect. */
  readonly neutral: Readonly<Record<string, readonly unknown[]>>;
}

/** The body of a request, as JSON. If it is large, its bytes count until `held` is released. */
export async function readJsonBody(request: Request, held: BodyHold): Promise<Record<string, unknown>> {
  const raw = await readApiBody(request, API_BODY_BYTES, held);
  const value = parseJson(textOfBody(raw));
  if (!isPlainObject(value)) throw new AppError('bad-request', 'The body must be a JSON object.');
  return value;
}

/** The fields that have an effect, validated. Null counts as absent, as it does for OpenAI. */
export function readFields<T extends z.ZodType>(schema: T, body: Record<string, unknown>, { ignored, neutral }: KnownFields): z.output<T> {
  const fields = Object.entries(body).filter(
    ([name, value]) => value !== null && !ignored.includes(name) && !neutral[name]?.some((usual) => isDeepStrictEqual(usual, value)),
  );
  const parsed = schema.safeParse(Object.fromEntries(fields), { error: bodyIssueMessage });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw errorOf(issue && innermost(issue));
}

/** For a union, the issue of the alternative that the value was most likely meant for. */
function innermost(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): z.core.$ZodIssue {
  const path = [...above, ...issue.path];
  const [deeper] = issue.code === 'invalid_union' ? (issue.errors.find(([first]) => first && first.path.length > 0) ?? []) : [];
  return deeper ? innermost(deeper, path) : { ...issue, path };
}

function errorOf(issue: z.core.$ZodIssue | undefined): AppError {
  if (issue?.code === 'unrecognized_keys') {
    const param = paramOf([...issue.path, issue.keys[0] ?? '']);
    return unsupported(param, `“${param}” is not supported.`);
  }
  const param = paramOf(issue?.path ?? []);
  // A union by `type` that has no member of this type.
  if (issue?.code === 'invalid_union' && 'discriminator' in issue) return unsupported(param, `This type of “${param}” is not supported.`);
  return new AppError('bad-request', `Invalid “${param}”: ${issue?.message}.`, { details: { param } });
}

/** `messages[0].content`, as OpenAI writes it. */
const paramOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, one) => (typeof one === 'number' ? `${text}[${one}]` : text === '' ? String(one) : `${text}.${String(one)}`), '');

/** A schema from a caller. Throws if it isn’t valid. */
export function refuseBadSchema(schema: Record<string, unknown>, param: string): void {
  const [issue] = schemaIssues([], schema);
  if (issue)
    throw new AppError('bad-request', `Invalid “${param}”: ${[issue.path.join('.'), issue.message].filter(Boolean).join(' ')}.`, { details: { param } });
}

const FUNCTION_NAME = /^[A-Za-z0-9_-]{1,64}$/;
export const functionFields = {
  name: z.string().regex(FUNCTION_NAME, 'must have 1 to 64 letters, digits, _, or -'),
  description: z.string().nullish().transform(orAbsent),
  parameters: z.record(z.string(), z.unknown()).nullish().transform(orAbsent),
  strict: z.boolean().nullish().transform(orAbsent),
};

export function orAbsent<T>(value: T): Exclude<T, null> | undefined {
  return (value ?? undefined) as Exclude<T, null> | undefined;
}

export const toolChoiceWord = z.enum(['auto', 'none', 'required']);

export const toolCallPart = (call: ToolCall): MessagePart => ({ type: 'tool-call', ...call });

/** Joins the results of one turn’s tool calls, which providers expect in one message. */
export function joinToolResults(messages: readonly ChatMessage[]): ChatMessage[] {
  const joined: ChatMessage[] = [];
  for (const message of messages) {
    const before = joined.at(-1);
    if (before && isResults(before) && isResults(message)) joined[joined.length - 1] = { ...before, content: [...before.content, ...message.content] };
    else joined.push(message);
  }
  return joined;
}

const isResults = ({ role, content }: ChatMessage): boolean => role === 'user' && content.length > 0 && content.every(({ type }) => type === 'tool-result');
