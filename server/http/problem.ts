import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type AppError, ERRORS, type ProblemDetails, toAppError } from '@switchyard/shared/errors.ts';
import { NO_SCRIPTS } from '@switchyard/shared/response-headers.ts';
import type { Log } from '../log.ts';

/** Creates RFC 9457 problem details from an error. An unsafe message is replaced by the title and an ID to look up in the log. */
export function problemOf(error: AppError, log: Log): ProblemDetails {
  const rule = ERRORS[error.code];
  const base = { type: `urn:switchyard:error:${error.code}`, title: rule.title, status: rule.status, code: error.code };
  if (!rule.safe) {
    const errorId = randomUUID();
    log.error({ errorId, code: error.code, err: error.cause ?? error }, 'Request failed');
    return { ...base, detail: `${rule.title}. See the log for ${errorId}.`, errorId };
  }
  return { ...error.details, ...base, detail: error.message, ...(error.fields.length > 0 && { errors: error.fields.map((field) => ({ ...field })) }) };
}

/** When to retry, in whole seconds, for 429 and 503. */
export const retryAfterSeconds = (error: AppError): number | undefined =>
  error.status === 429 || error.status === 503 ? Math.max(1, Math.ceil((error.retryAfterMs ?? 1_000) / 1_000)) : undefined;

/** Responds with an error as problem+json. Does nothing if a response has started. */
export function sendProblem(response: ServerResponse, thrown: unknown, log: Log): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const error = toAppError(thrown);
  const body = JSON.stringify(problemOf(error, log));
  const retryAfter = retryAfterSeconds(error);
  const headers: Record<string, string | number> = {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'content-security-policy': NO_SCRIPTS,
    'x-content-type-options': 'nosniff',
  };
  if (retryAfter !== undefined) headers['retry-after'] = retryAfter;
  // RFC 9110, 11.6.1: how to authenticate. Browsers show no prompt for this scheme.
  if (error.code === 'unauthorized') headers['www-authenticate'] = 'Bearer realm="Switchyard"';
  response.writeHead(error.status, headers);
  response.end(body);
}
