import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import { AppError, ERRORS, type ErrorData, messageForCaller } from '@switchyard/shared/errors.ts';
import { responseHeaderFault } from '@switchyard/shared/response-headers.ts';
import type { Reply } from '@switchyard/shared/run/events.ts';
import type { OpenedFile } from '../../services/files/read-file.ts';
import { failureRetryMs, failureStatus } from '../../services/runs/failure-for-caller.ts';
import type { CallOutcome } from '../../services/webhooks/receive-call.ts';
import { fileHeaders } from '../send-file.ts';

const TEXT_TYPE = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

type Headers = Record<string, string | number>;

/** Sends the outcome of a run as the response of a webhook request. `file` is the output if it is a file. */
export function sendOutcome(response: ServerResponse, outcome: CallOutcome, file?: OpenedFile): void {
  if (response.destroyed) return;
  const { runId, statusUrl } = outcome;
  if (outcome.repeated) response.setHeader('idempotent-replayed', 'true');
  if (outcome.kind === 'reply') sendReply(response, runId, outcome.reply, file);
  else if (outcome.kind === 'empty') response.writeHead(204, { 'x-run-id': runId }).end();
  else if (outcome.kind === 'failed') sendFailure(response, outcome);
  else sendJson(response, 202, { runId, statusUrl, ...(outcome.kind === 'waiting' && { status: 'waiting' }) }, { 'x-run-id': runId, location: statusUrl });
}

export function sendJson(response: ServerResponse, status: number, value: unknown, headers: Headers = {}): void {
  const body = JSON.stringify(value);
  response.writeHead(status, { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store', ...headers });
  response.end(body);
}

/** Echoes a sender's challenge. */
export function sendWord(response: ServerResponse, word: string): void {
  response.writeHead(200, { 'content-type': TEXT_TYPE, 'content-length': Buffer.byteLength(word), 'cache-control': 'no-store' });
  response.end(word);
}

const WITHOUT_BODY = new Set([204, 205, 304]);

/** The Output node's status, headers, and value. Text is sent as text, a file as its contents, anything else as JSON, nothing as 204. */
function sendReply(response: ServerResponse, runId: string, reply: Reply, file: OpenedFile | undefined): void {
  const { value } = reply;
  const status = replyStatus(reply);
  const headers = replyHeaders(reply);
  headers['x-run-id'] = runId;
  // Ours says that the response depends on Origin.
  if (response.hasHeader('vary') && headers.vary) headers.vary = `${response.getHeader('vary')}, ${headers.vary}`;
  if (WITHOUT_BODY.has(status)) {
    response.writeHead(status, headers).end();
    return;
  }
  if (file) {
    response.writeHead(status, { ...headers, ...fileHeaders(file) });
    response.end(file.content);
    return;
  }
  const nothing = isNothing(value);
  const body = nothing ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  const type = headers['content-type'];
  headers['content-type'] = type ?? (typeof value === 'string' ? TEXT_TYPE : JSON_TYPE);
  headers['content-length'] = Buffer.byteLength(body);
  response.writeHead(status, headers);
  response.end(body);
}

const isNothing = (value: unknown): boolean => value === null || value === undefined;

/** The Output node's status. Without a value, 204. */
export const replyStatus = ({ status, value }: Reply): number => (status === 200 && isNothing(value) ? 204 : status);

/** The Output node's headers in lowercase, without those that a workflow can't set. */
export function replyHeaders({ headers: wanted }: Reply): Headers {
  const headers: Headers = {};
  for (const [name, content] of Object.entries(wanted)) {
    const lower = name.toLowerCase();
    if (!responseHeaderFault(lower, content) && isSafe(lower, content)) headers[lower] = content;
  }
  return headers;
}

function isSafe(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

function sendFailure(response: ServerResponse, outcome: CallOutcome & { kind: 'failed' }): void {
  const problem = failureOf(outcome);
  const retryMs = outcome.error ? failureRetryMs(outcome.error, new Date()) : undefined;
  sendJson(response, problem.status, problem, {
    'content-type': 'application/problem+json; charset=utf-8',
    'x-run-id': outcome.runId,
    ...(retryMs !== undefined && { 'retry-after': Math.max(1, Math.ceil(retryMs / 1_000)) }),
  });
}

/** The problem details of a failed run. */
export function failureOf({ runId, statusUrl, error }: { runId: string; statusUrl: string; error: ErrorData | null }) {
  const code = error?.code ?? 'internal';
  return {
    type: `urn:switchyard:error:${code}`,
    title: ERRORS[code].title,
    status: failureStatus(error ?? { code }),
    detail: messageForCaller(error ?? { code }),
    code,
    runId,
    statusUrl,
  };
}

export const methodNotAllowed = (allowed: readonly string[]): AppError =>
  new AppError('method-not-allowed', `This webhook accepts ${allowed.join(', ')}. Turn on other methods in its settings.`, {
    details: { allowed },
  });
