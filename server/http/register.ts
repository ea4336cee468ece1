import type { Contract } from '@switchyard/shared/contracts/contract.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { sentWords } from '@switchyard/shared/sent-words.ts';
import type { Express, Request } from 'express';
import type { z } from 'zod';
import { readApiBody } from './api-body.ts';
import { parseJson, textOfBody } from './json-body.ts';

export const API_BODY_BYTES = 10_000_000;
/** Of calls that anybody may make. */
const OPEN_BODY_BYTES = 1_000_000;

/** What a handler gets: all of it checked by its contract. */
export interface Call<C extends Contract> {
  readonly params: z.output<C['params']>;
  readonly query: z.output<C['query']>;
  readonly body: z.output<C['body']>;
  /** A browser's page sent it, which names its origin; other programs do not. */
  readonly fromPage: boolean;
  /** Aborts when whoever called has gone away. */
  readonly signal: AbortSignal;
  /** As it came, for what is about the connection rather than the call. */
  readonly request: Request;
}

/** A reply with another of the contract's statuses than the first, or with headers. */
export class Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, body: T, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** JSON as a file to be saved: exactly this text, under this name. */
export class FileReply {
  /** Letters, digits, dots and hyphens. */
  readonly filename: string;
  readonly text: string;
  constructor(filename: string, text: string) {
    this.filename = filename;
    this.text = text;
  }
}

type Handled<C extends Contract> = ReplyValue<C> | Answer<ReplyValue<C>> | FileReply;
type Handler<C extends Contract> = (call: Call<C>) => Handled<C> | Promise<Handled<C>>;
type ReplyValue<C extends Contract> = z.input<C['reply']>;

/** Binds a call of the API to the function that answers it: reads and checks the request, sends the reply as JSON. */
export function register<C extends Contract>(app: Express, contract: C, handler: Handler<C>): void {
  const method = contract.method.toLowerCase() as Lowercase<C['method']>;
  app[method](contract.path, async (request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const call = {
      params: checked(contract.params, request.params, 'the address') as Call<C>['params'],
      query: checked(contract.query, request.query, 'the query') as Call<C>['query'],
      body: checked(contract.body, await bodyOf(request, contract), 'the body') as Call<C>['body'],
      fromPage: request.headers.origin !== undefined,
      signal: gone.signal,
      request,
    };
    const answer = await handler(call);
    response.setHeader('cache-control', 'no-store');
    if (answer instanceof FileReply) {
      response
        .attachment(answer.filename)
        .status(contract.statuses[0] ?? 200)
        .type('json')
        .send(answer.text);
      return;
    }
    const [status, body] = answer instanceof Answer ? [answer.status, answer.body] : [contract.statuses[0] ?? 200, answer];
    if (answer instanceof Answer) response.set(answer.headers);
    response.status(status).json(body);
  });
}

async function bodyOf(request: Request, contract: Contract): Promise<unknown> {
  if (contract.method === 'GET') return undefined;
  const raw = await readApiBody(request, contract.open ? OPEN_BODY_BYTES : API_BODY_BYTES);
  const mayBeAbsent = contract.body.safeParse(undefined).success;
  if (raw.length === 0 && mayBeAbsent) return undefined;
  const value = parseJson(textOfBody(raw));
  // A call without a body is often sent with an empty object.
  return isPlainObject(value) && Object.keys(value).length === 0 && mayBeAbsent ? undefined : value;
}

function checked<T extends z.ZodType>(schema: T, value: unknown, where: string): z.output<T> {
  const parsed = schema.safeParse(value, { error: sentWords });
  if (parsed.success) return parsed.data;
  const fields = fieldErrors(parsed.error.issues);
  const first = fields[0];
  throw new AppError('bad-request', `Something in ${where} is not valid${first ? `: ${first.path ? `${first.path} ` : ''}${first.message}` : ''}.`, {
    fields,
  });
}

/** The problems zod found, each with its path in dots; a field that is not known is named by its own path. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[]): FieldError[] {
  return issues.flatMap((issue): FieldError[] => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'is not a known field' }));
    return [{ path: path.join('.'), message: issue.message }];
  });
}
