import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { bodyIssueMessage } from '@switchyard/shared/body-issue-message.ts';
import type { Contract } from '@switchyard/shared/contracts/contract.ts';
import type { Scope } from '@switchyard/shared/contracts/scopes.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { NO_SCRIPTS } from '@switchyard/shared/response-headers.ts';
import type { Express, Request, Response } from 'express';
import type { z } from 'zod';
import type { Caller } from '../services/caller.ts';
import { contextFor, type Installation, type ServiceContext } from '../services/context.ts';
import type { OpenedFile } from '../services/files/read-file.ts';
import type { BodyHold } from '../services/webhooks/overload.ts';
import { isLargeValue } from '../store/json-size.ts';
import { ownTurn } from '../turns.ts';
import { readApiBody } from './api-body.ts';
import { formBytes, isFormType, readApiForm } from './api-form.ts';
import { parseJson, textOfBody } from './json-body.ts';
import { sendStoredFile } from './send-file.ts';
import { signedInOf } from './sign-in/gate.ts';

export const API_BODY_BYTES = 10_000_000;
/*
 * The seam between HTTP and use cases. Parses and validates a request by its contract, checks that the caller has the scope that the
 * contract needs, gives the handler a context for that caller, and sends the response. Routes never add a caller themselves.
 */

/** For operations without sign-in. */
const OPEN_BODY_BYTES = 1_000_000;

/** What a handler receives, validated by its contract. */
export interface Call<C extends Contract> {
  readonly params: z.output<C['params']>;
  readonly query: z.output<C['query']>;
  readonly body: z.output<C['body']>;
  /** Sent by a page in a browser: only browsers send Origin. */
  readonly fromPage: boolean;
  /** The body may have files that are not stored yet. */
  readonly hasFiles: boolean;
  /** Aborts when the caller disconnects. */
  readonly signal: AbortSignal;
  /** For what concerns the connection, not the operation. */
  readonly request: Request;
}

/** A request without sign-in: public, or through a capability URL. */
export interface OpenCall<C extends Contract> extends Call<C> {
  readonly installation: Installation;
}

/** A request by a signed-in caller. */
export interface SignedInCall<C extends Contract> extends Call<C> {
  readonly context: ServiceContext;
}

/** A response with headers, or with a status other than the contract's first. */
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

/** A file to save: exactly this text, under this name. JSON unless it has another type. */
export class FileReply {
  /** Letters, digits, dots, and hyphens. */
  readonly filename: string;
  readonly text: string;
  readonly type: string;
  constructor(filename: string, text: string, type = 'json') {
    this.filename = filename;
    this.text = text;
    this.type = type;
  }
}

/** A file of any size to save, sent as it is made. */
export class FileStream {
  readonly filename: string;
  readonly type: string;
  readonly parts: AsyncIterable<string>;
  constructor(filename: string, type: string, parts: AsyncIterable<string>) {
    this.filename = filename;
    this.type = type;
    this.parts = parts;
  }
}

/** A stored file, sent to be saved. */
export class FileDownload {
  readonly opened: OpenedFile;
  constructor(opened: OpenedFile) {
    this.opened = opened;
  }
}

/** A stream of server-sent events. Rejects only before the first event: until then, an error is a response with its status. */
export class EventStream {
  readonly write: (response: Response) => Promise<void>;
  constructor(write: (response: Response) => Promise<void>) {
    this.write = write;
  }
}

type Handled<C extends Contract> = ReplyValue<C> | Answer<ReplyValue<C>> | FileReply | FileStream | FileDownload | EventStream;
type Handler<In, C extends Contract> = (call: In) => Promise<Handled<C>>;
type ReplyValue<C extends Contract> = z.input<C['reply']>;

/** Where routes are registered. */
export interface Api {
  readonly app: Express;
  /** Handles an operation that needs sign-in and a scope. */
  register<C extends Contract>(contract: C, handler: Handler<SignedInCall<C>, C>): void;
  /** Handles an open operation. */
  registerOpen<C extends Contract>(contract: C, handler: Handler<OpenCall<C>, C>): void;
}

/** Registers routes on an application. */
export function createApi(app: Express, installation: Installation): Api {
  const answer = <C extends Contract>(contract: C, handle: (request: Request, response: Response, held: BodyHold) => Promise<Handled<C>>): void => {
    const method = contract.method.toLowerCase() as Lowercase<C['method']>;
    app[method](contract.path, async (request, response) => {
      const held = installation.holdBody();
      try {
        await send(response, contract, await handle(request, response, held));
      } finally {
        held.release();
      }
    });
  };
  return {
    app,
    register: (contract, handler) => {
      const { scope } = contract;
      if (scope === null) throw new Error(`${contract.id} is open: register it with registerOpen`);
      answer(contract, async (request, response, held) => {
        const caller = callerOf(request);
        demandScope(caller, scope);
        return handler({ ...(await readCall(contract, request, response, held)), context: contextFor(installation, caller) });
      });
    },
    registerOpen: (contract, handler) => {
      if (!contract.open) throw new Error(`${contract.id} needs a sign-in: register it with register`);
      answer(contract, async (request, response, held) => handler({ ...(await readCall(contract, request, response, held)), installation }));
    },
  };
}

/** The caller that the gate authenticated. */
export function callerOf(request: Request): Caller {
  const signedIn = signedInOf(request);
  if (!signedIn) throw new AppError('unauthorized');
  return signedIn.caller;
}

/** Throws `forbidden` if the caller lacks the scope. */
export function demandScope({ role }: Caller, scope: Scope): void {
  if (role.has(scope)) return;
  throw new AppError('forbidden', `This API token lacks the scope “${scope}”. Create one that has it under Settings.`, { details: { scope } });
}

async function readCall<C extends Contract>(contract: C, request: Request, response: Response, held: BodyHold): Promise<Call<C>> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  return {
    params: checked(contract.params, request.params, 'URL') as Call<C>['params'],
    query: checked(contract.query, request.query, 'query') as Call<C>['query'],
    body: checked(contract.body, await bodyOf(request, contract, held), 'body') as Call<C>['body'],
    fromPage: request.headers.origin !== undefined,
    hasFiles: sendsForm(contract, request),
    signal: gone.signal,
    request,
  };
}

async function send<C extends Contract>(response: Response, contract: C, answer: Handled<C>): Promise<void> {
  if (answer instanceof EventStream) return answer.write(response);
  if (answer instanceof FileDownload) return sendStoredFile(response, answer.opened);
  if (isLargeValue(answer)) await ownTurn();
  const usual = contract.statuses[0] ?? 200;
  response.setHeader('cache-control', 'no-store');
  response.setHeader('content-security-policy', NO_SCRIPTS);
  if (answer instanceof FileStream) return sendFile(response.status(usual), answer);
  if (answer instanceof FileReply) {
    response.attachment(answer.filename).status(usual).type(answer.type).send(answer.text);
    return;
  }
  if (answer instanceof Answer) response.set(answer.headers);
  response.status(answer instanceof Answer ? answer.status : usual).json(answer instanceof Answer ? answer.body : answer);
}

/** Sends a file at the pace of its reader. If it can’t be completed, the connection is cut, so no client takes a part for the whole. */
async function sendFile(response: Response, { filename, type, parts }: FileStream): Promise<void> {
  response.attachment(filename).type(type);
  try {
    await pipeline(Readable.from(parts), response);
  } catch (thrown) {
    if (!response.headersSent) throw thrown;
    response.destroy();
  }
}

const sendsForm = ({ takesFiles }: Contract, { headers }: Request): boolean => takesFiles && isFormType(headers['content-type']);

async function bodyOf(request: Request, contract: Contract, held: BodyHold): Promise<unknown> {
  if (contract.method === 'GET') return undefined;
  const jsonBytes = contract.open ? OPEN_BODY_BYTES : API_BODY_BYTES;
  if (sendsForm(contract, request)) {
    return readApiForm(await readApiBody(request, formBytes(jsonBytes), held), request.headers['content-type'] ?? '', jsonBytes);
  }
  const raw = await readApiBody(request, jsonBytes, held);
  const mayBeAbsent = contract.body.safeParse(undefined).success;
  if (raw.length === 0 && mayBeAbsent) return undefined;
  const value = parseJson(textOfBody(raw));
  // Clients often send an empty object for a request without a body.
  return isPlainObject(value) && Object.keys(value).length === 0 && mayBeAbsent ? undefined : value;
}

/** How many invalid fields a response lists. */
const MOST_ERRORS = 50;

/** The value as the schema reads it. Throws `bad-request` with the path of each error. */
export function checked<T extends z.ZodType>(schema: T, value: unknown, where: string): z.output<T> {
  const parsed = schema.safeParse(value, { error: bodyIssueMessage });
  if (parsed.success) return parsed.data;
  const fields = fieldErrors(parsed.error.issues.slice(0, MOST_ERRORS)).slice(0, MOST_ERRORS);
  const first = fields[0];
  throw new AppError('bad-request', `Invalid ${where}${first ? `: ${first.path ? `${first.path} ` : ''}${first.message}` : ''}.`, {
    fields,
  });
}

/** The problems that zod found, each with its path in dots. An unknown field has its own path. */
function fieldErrors(issues: readonly z.core.$ZodIssue[]): FieldError[] {
  return issues.flatMap((issue): FieldError[] => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys')
      return issue.keys.slice(0, MOST_ERRORS).map((key) => ({ path: [...path, key].join('.'), message: 'is not a known field' }));
    return [{ path: path.join('.'), message: issue.message }];
  });
}

/** The reason of a DELETE, which clients send in its body or its query. */
export const reasonIn = ({ query, body }: { query: { reason?: string | undefined }; body: { reason?: string | undefined } | undefined }): string | undefined =>
  body?.reason ?? query.reason;
