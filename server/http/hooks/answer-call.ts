import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, toAppError } from '@switchyard/shared/errors.ts';
import type { Log } from '../../log.ts';
import type { ServiceContext } from '../../services/context.ts';
import type { RunDeltas } from '../../services/runs/run-deltas.ts';
import type { CallCapture } from '../../services/webhooks/capture-calls.ts';
import type { Deliveries } from '../../services/webhooks/deliveries.ts';
import type { HookTarget } from '../../services/webhooks/hook-targets.ts';
import type { RateLimits } from '../../services/webhooks/rate-limits.ts';
import { acceptCall, outcomeOf, refuseClosedHook } from '../../services/webhooks/receive-call.ts';
import { signatureFault } from '../../services/webhooks/signatures.ts';
import { sendProblem } from '../problem.ts';
import { collect } from './hook-body.ts';
import type { HookGate } from './hook-gate.ts';
import { methodNotAllowed, sendOutcome } from './hook-reply.ts';
import { chosenMode, type RawCall, readCall, readRaw } from './read-call.ts';
import { streamOutcome } from './stream-outcome.ts';

/*
 * One call of a webhook, from the gate to the answer. Order of the checks: place, address, method, open at all, signature, rate, body,
 * input, key. What is refused starts nothing and uses nothing up: no run, no key and, before its signature holds, no rate.
 */

export interface CallParts {
  readonly context: ServiceContext;
  readonly capture: CallCapture;
  readonly gate: HookGate;
  readonly rates: RateLimits;
  readonly deltas: RunDeltas;
  readonly deliveries: Deliveries;
  readonly log: Log;
}

export interface CallAddress {
  readonly kind: 'live' | 'test';
  readonly token: string;
  /** The query as it came, without its question mark. */
  readonly query: string;
}

export const unknownAddress = (): AppError => new AppError('not-found', 'There is no webhook at this address. It may have been rotated or deleted.');

/** What is known of a call while it is being answered. */
interface Noted {
  target?: HookTarget | undefined;
  bytes: number;
  runId: string | null;
  code: string | null;
  repeated: boolean;
}

/** Answers a call, and notes it with its outcome. Never throws. */
export async function answerCall(parts: CallParts, request: IncomingMessage, response: ServerResponse, address: CallAddress): Promise<void> {
  const began = parts.context.now();
  const noted: Noted = { bytes: 0, runId: null, code: null, repeated: false };
  try {
    await answer(parts, request, response, address, noted);
  } catch (error) {
    noted.code = toAppError(error).code;
    if (noted.code === 'overloaded') noted.target = parts.context.targets.known(address.kind, address.token);
    sendProblem(response, error, parts.log);
  }
  if (noted.target) note(parts, request, response, { ...noted, target: noted.target, began });
}

async function answer(parts: CallParts, request: IncomingMessage, response: ServerResponse, { kind, token, query }: CallAddress, noted: Noted): Promise<void> {
  const { context, capture, gate, deltas, log } = parts;
  const leave = gate.enter();
  const held = context.holdBody();
  try {
    const target = token === '' || token.length > 100 ? undefined : await context.targets.find(kind, token);
    if (!target) throw unknownAddress();
    noted.target = target;
    checkMethod(request, response, target);
    refuseClosedHook(target);
    const raw = await readRaw(request, query, target.settings.maxBodyBytes, held);
    noted.bytes = raw.bytes.length;
    refuseForged(parts, target, request, raw);
    refuseTooMany(parts, target);
    const parameters = query === '' ? {} : collect(new URLSearchParams(query));
    const mode = chosenMode(target, request.headers, parameters);
    const call = await acceptCall(context, capture, target, await readCall(request, raw, parameters, target));
    noted.runId = call.runId;
    noted.repeated = call.repeated;
    // From here on the body is the run's.
    held.release();
    const { deadlineMs } = target.settings;
    if (mode === 'stream') noted.code = await streamOutcome(response, { call, outcome: outcomeOf(context, call, deadlineMs), deltas, log });
    else {
      const outcome = mode === 'accepted' ? ({ ...call, kind: 'accepted' } as const) : await outcomeOf(context, call, deadlineMs);
      if (outcome.kind === 'failed') noted.code = outcome.error?.code ?? 'internal';
      sendOutcome(response, outcome);
    }
  } finally {
    held.release();
    leave();
  }
}

function checkMethod({ method = '' }: IncomingMessage, response: ServerResponse, { settings }: HookTarget): void {
  if (method === 'POST' || (settings.methods as readonly string[]).includes(method)) return;
  const allowed = ['POST', ...settings.methods];
  response.setHeader('allow', allowed.join(', '));
  throw methodNotAllowed(allowed);
}

function refuseForged({ context }: CallParts, { signed }: HookTarget, { method, headers }: IncomingMessage, { bytes }: RawCall): void {
  if (!signed) return;
  if (method === 'GET') throw new AppError('bad-signature', 'Calls of this webhook must be signed, and a GET has no body to sign. Send a POST.');
  const fault = signatureFault(signed.settings, signed.keys, { headers, raw: bytes, now: context.now().getTime() });
  if (fault !== undefined) throw new AppError('bad-signature', `${fault} No run was started.`);
}

function refuseTooMany({ rates }: CallParts, { kind, workflow, settings }: HookTarget): void {
  const { requestsPerMinute } = settings;
  if (!requestsPerMinute) return;
  const retryAfterMs = rates.take(`${kind}:${workflow.id}`, requestsPerMinute);
  if (retryAfterMs === 0) return;
  throw new AppError('rate-limited', `This webhook takes ${requestsPerMinute} calls a minute. No run was started; try again later.`, { retryAfterMs });
}

/** The caller had gone away before there was an answer, as servers write it since nginx. */
const CALLER_GONE = 499;

function note(
  { context, deliveries }: CallParts,
  { method = '' }: IncomingMessage,
  { headersSent, statusCode }: ServerResponse,
  { target, began, ...noted }: Noted & { target: HookTarget; began: Date },
): void {
  deliveries.note(target.workflow.id, {
    at: began.toISOString(),
    kind: target.kind,
    method,
    status: headersSent ? statusCode : CALLER_GONE,
    ...noted,
    resent: false,
    durationMs: context.now().getTime() - began.getTime(),
  });
}
