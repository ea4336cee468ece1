import type { ServerResponse } from 'node:http';
import { type AppError, type ErrorCode, toAppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { NO_SCRIPTS } from '@switchyard/shared/response-headers.ts';
import type { ErrorRequestHandler } from 'express';
import type { Log } from '../../log.ts';
import { problemOf, retryAfterSeconds } from '../problem.ts';

/** An error in the shape that OpenAI’s clients expect. */
export interface OpenAiError {
  readonly status: number;
  readonly body: {
    readonly error: { readonly message: string; readonly type: string; readonly code: string; readonly param: string | null };
    /** The run that failed. */
    readonly switchyard?: unknown;
  };
  readonly headers: Readonly<Record<string, string>>;
}

/** Codes that clients of OpenAI know, for the same errors. */
const theirCode = (error: AppError): string => {
  if (error.code === 'not-found' && error.details.param === 'model') return 'model_not_found';
  return error.code === 'unauthorized' ? 'invalid_api_key' : error.code;
};

/** Stopped by a person, so a retry rarely helps. */
const STOPPED: ReadonlySet<ErrorCode> = new Set(['paused', 'killed']);

const typeOf = (status: number): string => {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
};

export function openAiError(thrown: unknown, log: Log): OpenAiError {
  const error = toAppError(thrown);
  const { run, status = error.status, param } = error.details;
  const retryAfter = retryAfterSeconds(error);
  return {
    status: Number(status),
    body: {
      error: { message: problemOf(error, log).detail, type: typeOf(Number(status)), code: theirCode(error), param: typeof param === 'string' ? param : null },
      ...(isPlainObject(run) && { switchyard: run }),
    },
    headers: {
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      ...(error.code === 'unauthorized' && { 'www-authenticate': 'Bearer realm="Switchyard"' }),
      // OpenAI’s clients repeat requests after errors: that would start the workflow again, or wait for minutes for a person to resume it.
      ...((run !== undefined || STOPPED.has(error.code)) && { 'x-should-retry': 'false' }),
    },
  };
}

/** Responds with an error in OpenAI’s shape. Does nothing if a response has started. */
function sendOpenAiError(response: ServerResponse, thrown: unknown, log: Log): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { status, body, headers } = openAiError(thrown, log);
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'content-security-policy': NO_SCRIPTS,
    ...headers,
  });
  response.end(text);
}

/** For all paths under /v1, including those that don’t exist. */
export const openAiErrors =
  (log: Log): ErrorRequestHandler =>
  (error, _request, response, _next) =>
    sendOpenAiError(response, error, log);
