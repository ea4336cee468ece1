import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import { AppError, ERRORS } from '@switchyard/shared/errors.ts';
import type { Reply } from '@switchyard/shared/run/events.ts';
import type { CallOutcome } from '../../services/receive-call.ts';

/** Headers that belong to the connection or to us; a workflow cannot set them. */
const OURS = new Set(
  'connection content-length content-security-policy date keep-alive proxy-authenticate set-cookie te trailer transfer-encoding upgrade x-content-type-options x-run-id'.split(
    ' ',
  ),
);
const NO_SCRIPTS = "default-src 'none'; sandbox";
const JSON_TYPE = 'application/json; charset=utf-8';

type Headers = Record<string, string | number>;

/** Answers a webhook call with what came of it. */
export function sendOutcome(response: ServerResponse, outcome: CallOutcome): void {
  if (response.destroyed) return;
  const { runId, statusUrl } = outcome;
  if (outcome.kind === 'reply') return sendReply(response, runId, outcome.reply);
  if (outcome.kind === 'empty') {
    response.writeHead(204, { 'x-run-id': runId }).end();
    return;
  }
  if (outcome.kind === 'failed') return sendFailure(response, outcome);
  sendJson(response, 202, { runId, statusUrl, ...(outcome.kind === 'waiting' && { status: 'waiting' }) }, { 'x-run-id': runId, location: statusUrl });
}

export function sendJson(response: ServerResponse, status: number, value: unknown, headers: Headers = {}): void {
  const body = JSON.stringify(value);
  response.writeHead(status, { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store', ...headers });
  response.end(body);
}

/** The output node's status, headers and value. Text goes as text, anything else as JSON, nothing as 204. */
function sendReply(response: ServerResponse, runId: string, reply: Reply): void {
  const headers: Headers = {};
  for (const [name, value] of Object.entries(reply.headers)) {
    const lower = name.toLowerCase();
    if (!OURS.has(lower) && isSafe(name, value)) headers[lower] = value;
  }
  headers['x-run-id'] = runId;
  const nothing = reply.value === null || reply.value === undefined;
  if (nothing && (reply.status === 200 || reply.status === 204)) {
    response.writeHead(204, headers).end();
    return;
  }
  const isText = typeof reply.value === 'string';
  const body = nothing ? '' : isText ? (reply.value as string) : JSON.stringify(reply.value);
  const type = headers['content-type'];
  headers['content-type'] = type ?? (isText ? 'text/plain; charset=utf-8' : JSON_TYPE);
  headers['x-content-type-options'] = 'nosniff';
  // A browser that opens this address shares an origin with the editor: markup from a run must not act there.
  if (type !== undefined && !/^(application\/json|text\/plain)\b/i.test(String(type))) headers['content-security-policy'] = NO_SCRIPTS;
  if (reply.status === 204 || reply.status === 205 || reply.status === 304) {
    response.writeHead(reply.status, headers).end();
    return;
  }
  headers['content-length'] = Buffer.byteLength(body);
  response.writeHead(reply.status, headers);
  response.end(body);
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

/** A run that failed is our fault to the caller, whatever the step's own code says. */
function sendFailure(response: ServerResponse, outcome: CallOutcome & { kind: 'failed' }): void {
  const { runId, statusUrl, error } = outcome;
  const code = error?.code ?? 'internal';
  const rule = ERRORS[code];
  const status = rule.status >= 500 ? rule.status : 500;
  const detail = rule.safe && error ? error.message : rule.title;
  const problem = { type: `urn:switchyard:error:${code}`, title: rule.title, status, detail, code, runId, statusUrl };
  sendJson(response, status, problem, { 'content-type': 'application/problem+json; charset=utf-8', 'x-run-id': runId });
}

export const methodNotAllowed = (allowed: readonly string[]): AppError =>
  new AppError('method-not-allowed', `This webhook takes ${allowed.join(', ')}. Other methods are switched on in its settings.`, {
    details: { allowed },
  });
