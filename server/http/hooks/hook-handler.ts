import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Log } from '../../log.ts';
import type { CallCapture } from '../../services/capture-calls.ts';
import type { ServiceContext } from '../../services/context.ts';
import type { HookTarget } from '../../services/hook-targets.ts';
import { type IncomingCall, receiveCall, refuseClosedHook } from '../../services/receive-call.ts';
import { runStatus } from '../../services/run-status.ts';
import type { AllowedHosts } from '../allowed-hosts.ts';
import { readBody } from '../body.ts';
import { sendProblem } from '../problem.ts';
import { collect, readHookBody } from './hook-body.ts';
import type { HookGate } from './hook-gate.ts';
import { methodNotAllowed, sendJson, sendOutcome } from './hook-reply.ts';

/*
 * Everything under /hooks/. It stands before Express, on Node's own request and response: this is the way that production traffic
 * takes, and each call needs none of what pages and API need. Host is checked; Origin is not: an address here is a capability.
 */

export interface HookParts {
  readonly context: ServiceContext;
  readonly capture: CallCapture;
  readonly hosts: AllowedHosts;
  readonly gate: HookGate;
  readonly log: Log;
}

const PREFIX = '/hooks/';
export const isHookPath = (url: string): boolean => url.startsWith(PREFIX);

/** Answers a request whose path begins with /hooks/. Never throws. */
export function createHookHandler(parts: HookParts): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    try {
      parts.hosts.checkHost(request.headers);
      const url = request.url ?? '';
      const mark = url.indexOf('?');
      const [first = '', second, third] = (mark < 0 ? url : url.slice(0, mark)).slice(PREFIX.length).split('/');
      const query = mark < 0 ? '' : url.slice(mark + 1);
      if (third !== undefined) throw unknownAddress();
      if (second === undefined) await answerCall(parts, request, response, { kind: 'live', token: first, query });
      else if (first === 'test') await answerCall(parts, request, response, { kind: 'test', token: second, query });
      else if (first === 'status') await answerStatus(parts, request, response, second);
      else throw unknownAddress();
    } catch (error) {
      sendProblem(response, error, parts.log);
    }
  };
}

const unknownAddress = (): AppError => new AppError('not-found', 'There is no webhook at this address. It may have been rotated or deleted.');

async function answerCall(
  { context, capture, gate }: HookParts,
  request: IncomingMessage,
  response: ServerResponse,
  { kind, token, query }: { kind: 'live' | 'test'; token: string; query: string },
): Promise<void> {
  const leave = gate.enter();
  try {
    const target = token === '' || token.length > 100 ? undefined : await context.targets.find(kind, token);
    if (!target) throw unknownAddress();
    checkMethod(request, response, target);
    refuseClosedHook(target);
    const parameters = query === '' ? {} : collect(new URLSearchParams(query));
    const mode = chosenMode(target, request.headers, parameters);
    const call = await readCall(request, parameters, target.settings.maxBodyBytes);
    sendOutcome(response, await receiveCall(context, capture, target, call, mode));
  } finally {
    leave();
  }
}

async function answerStatus({ context }: HookParts, request: IncomingMessage, response: ServerResponse, token: string): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed(['GET']);
  sendJson(response, 200, await runStatus(context, token));
}

function checkMethod({ method = '' }: IncomingMessage, response: ServerResponse, { settings }: HookTarget): void {
  if (method === 'POST' || (settings.methods as readonly string[]).includes(method)) return;
  const allowed = ['POST', ...settings.methods];
  response.setHeader('allow', allowed.join(', '));
  throw methodNotAllowed(allowed);
}

/** The workflow's mode, or what the caller asks for where it may. `mode` is taken out of the query: it is not the workflow's. */
function chosenMode({ settings }: HookTarget, headers: IncomingHttpHeaders, query: Record<string, unknown>): 'accepted' | 'finished' {
  if (!settings.callerMayChoose) return settings.mode;
  const { mode } = query;
  if (mode === 'accepted' || mode === 'finished') {
    delete query.mode;
    return mode;
  }
  const { prefer } = headers;
  return prefer !== undefined && /(^|[,;\s])respond-async($|[,;\s])/i.test(String(prefer)) ? 'accepted' : settings.mode;
}

async function readCall(request: IncomingMessage, query: Record<string, unknown>, maxBytes: number): Promise<IncomingCall> {
  const { method = 'POST' } = request;
  const contentType = request.headers['content-type'] ?? '';
  const headers = keptHeaders(request.headers);
  // A GET has no body: what it brings is its query.
  if (method === 'GET') return { method, contentType, bytes: 0, headers, query, body: query };
  const raw = await readBody(request, maxBytes);
  return { method, contentType, bytes: raw.length, headers, query, ...(await readHookBody(raw, contentType)) };
}

/** Of one connection only, or secrets of the caller: not for a run's record. */
const NOT_KEPT = new Set(
  'authorization connection content-length cookie host keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade'.split(' '),
);

function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: [string, string][] = [];
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !NOT_KEPT.has(name)) kept.push([name, typeof value === 'string' ? value : value.join(', ')]);
  }
  return Object.fromEntries(kept);
}
