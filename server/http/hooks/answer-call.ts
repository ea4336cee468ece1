import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { AppError, type ErrorCode, toAppError } from '@switchyard/shared/errors.ts';
import { isFileHandle } from '@switchyard/shared/files/file-handle.ts';
import { isoTime } from '@switchyard/shared/iso-time.ts';
import type { Log } from '../../log.ts';
import { triggerCaller } from '../../services/caller.ts';
import { contextFor, type Installation, type ServiceContext } from '../../services/context.ts';
import { readFile } from '../../services/files/read-file.ts';
import type { RunDeltas } from '../../services/runs/run-deltas.ts';
import type { CallCapture } from '../../services/webhooks/capture-calls.ts';
import type { Deliveries } from '../../services/webhooks/deliveries.ts';
import type { HookTarget } from '../../services/webhooks/hook-targets.ts';
import type { SharedRates } from '../../services/webhooks/rate-limits.ts';
import { type AcceptedCall, acceptCall, outcomeOf, refuseClosedHook } from '../../services/webhooks/receive-call.ts';
import { signatureFault } from '../../services/webhooks/signatures.ts';
import { isLarge, ownTurn } from '../../turns.ts';
import type { BodyIntake } from '../body-intake.ts';
import type { AddressOf } from '../client-address.ts';
import { decodeBody, isEncoded } from '../decode-body.ts';
import { sendProblem } from '../problem.ts';
import { isMetaChallenge, metaChallenge, slackChallenge } from './challenge.ts';
import { allowOrigin, answerOptions } from './cors.ts';
import type { HookGate } from './hook-gate.ts';
import { methodNotAllowed, sendOutcome, sendWord } from './hook-reply.ts';
import { mostBytes, parseCall } from './parse-call.ts';
import { streamOutcome } from './stream-outcome.ts';

/*
 * One webhook request, from the gate to the response. Order of the checks: overload, URL, method, paused or unpublished, body, place,
 * signature, rate, content, input, key. A rejected request starts nothing and uses up nothing: no run, no key, and, before its signature
 * is verified, no rate. A place is taken only once the body has been read, so unfinished bodies block nothing else.
 */

export interface CallParts {
  readonly installation: Installation;
  readonly capture: CallCapture;
  readonly gate: HookGate;
  readonly intake: BodyIntake;
  readonly addressOf: AddressOf;
  readonly rates: SharedRates;
  readonly deltas: RunDeltas;
  readonly deliveries: Deliveries;
  /** Called with the code of each error response. */
  readonly refused: (code: ErrorCode) => void;
  readonly log: Log;
}

export interface CallAddress {
  readonly kind: 'live' | 'test';
  readonly token: string;
  /** The original query, without its question mark. */
  readonly query: string;
}

const NOTHING = Buffer.alloc(0);

export const unknownAddress = (): AppError => new AppError('not-found', 'Webhook not found. Its URL may have been rotated or the workflow deleted.');

/** Facts about a request, gathered while it is answered. */
interface CallLog {
  target?: HookTarget | undefined;
  bytes: number;
  runId: string | null;
  code: string | null;
  repeated: boolean;
}

/** Answers a request and records it with its outcome. Never throws. */
export async function answerCall(parts: CallParts, request: IncomingMessage, response: ServerResponse, address: CallAddress): Promise<void> {
  const began = parts.installation.now();
  const callLog: CallLog = { bytes: 0, runId: null, code: null, repeated: false };
  try {
    await answer(parts, request, response, address, callLog);
  } catch (error) {
    const { code } = toAppError(error);
    parts.refused(code);
    callLog.code = code;
    if (callLog.code === 'overloaded') callLog.target = parts.installation.targets.known(address.kind, address.token);
    sendProblem(response, error, parts.log);
  }
  if (callLog.target) note(parts, request, response, { ...callLog, target: callLog.target, began });
}

async function answer(parts: CallParts, request: IncomingMessage, response: ServerResponse, address: CallAddress, callLog: CallLog): Promise<void> {
  const { installation, gate, intake, addressOf } = parts;
  const { kind, token } = address;
  gate.refuseWhenFull();
  const target = token === '' || token.length > 100 ? undefined : await installation.targets.find(kind, token);
  if (!target) throw unknownAddress();
  const { method } = request;
  const fromAllowed = allowOrigin(request, response, target.settings.allowedOrigins);
  if (method === 'OPTIONS') return answerOptions(request, response, methodsOf(target), fromAllowed);
  callLog.target = target;
  if (isMetaChallenge(target, method, address.query)) return sendWord(response, metaChallenge(target, address.query));
  checkMethod(request, response, target);
  refuseClosedHook(target);
  if (method === 'HEAD') return answerHead(target, response);
  const from = addressOf(request);
  const maxBytes = mostBytes(request.headers['content-type'], target.settings.maxBodyBytes);
  const raw = request.method === 'GET' ? NOTHING : await intake.read(request, maxBytes, [`webhook ${target.workflow.id}`, `address ${from}`]);
  callLog.bytes = raw.length;
  const leave = gate.enter(target.workflow.id, from);
  try {
    await answerWhole(parts, request, response, { target, raw, query: address.query, callLog });
  } finally {
    leave();
  }
}

interface WholeCall {
  readonly target: HookTarget;
  /** The original bytes, which signatures cover. */
  readonly raw: Buffer;
  readonly query: string;
  readonly callLog: CallLog;
}

async function answerWhole(parts: CallParts, request: IncomingMessage, response: ServerResponse, { target, raw, query, callLog }: WholeCall): Promise<void> {
  const { installation, capture } = parts;
  const { headers, method = 'POST' } = request;
  const held = installation.holdBody();
  try {
    held.add(raw.length);
    if (isLarge(raw.length)) await ownTurn();
    refuseForged(parts, target, request, raw);
    await refuseTooMany(parts, target);
    const encoding = headers['content-encoding'];
    const body =
      isEncoded(encoding) && raw.length > 0 ? await decodeBody(raw, encoding, mostBytes(headers['content-type'], target.settings.maxBodyBytes)) : raw;
    if (body !== raw) {
      held.add(body.length);
      if (isLarge(body.length)) await ownTurn();
    }
    const parsed = parseCall({ method, headers, query, body }, target);
    const challenge = slackChallenge(target, parsed);
    if (challenge !== undefined) return sendWord(response, challenge);
    const context = contextFor(installation, triggerCaller(target.settings.workspaceId, target.kind === 'live' ? 'webhook' : 'test-webhook'));
    const accepted = await acceptCall(context, capture, target, { ...parsed.call, waited: parsed.mode === 'finished' });
    callLog.runId = accepted.runId;
    callLog.repeated = accepted.repeated;
    // From here on, the body belongs to the run.
    held.release();
    callLog.code = await respond({ ...parts, context }, response, target, parsed.mode, accepted);
  } finally {
    held.release();
  }
}

/** Responds according to the mode. Resolves with the code of the run's error, if it failed. */
async function respond(
  { context, deltas, log }: CallParts & { readonly context: ServiceContext },
  response: ServerResponse,
  { settings: { deadlineMs } }: HookTarget,
  mode: Webhook['mode'],
  call: AcceptedCall,
): Promise<string | null> {
  if (mode === 'stream') return streamOutcome(response, { call, outcome: outcomeOf(context, call, deadlineMs), deltas, log });
  const outcome = mode === 'accepted' ? ({ ...call, kind: 'accepted' } as const) : await outcomeOf(context, call, deadlineMs);
  const file = outcome.kind === 'reply' && isFileHandle(outcome.reply.value) ? await readFile(context, outcome.reply.value) : undefined;
  sendOutcome(response, outcome, file);
  return outcome.kind === 'failed' ? (outcome.error?.code ?? 'internal') : null;
}

/** The methods of a webhook; HEAD goes with GET. */
const methodsOf = ({ settings: { methods } }: HookTarget): string[] => ['POST', ...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];

function checkMethod({ method = '' }: IncomingMessage, response: ServerResponse, target: HookTarget): void {
  const allowed = methodsOf(target);
  if (allowed.includes(method)) return;
  response.setHeader('allow', allowed.join(', '));
  throw methodNotAllowed(allowed);
}

/** Answers HEAD: a GET would be accepted. Starts no run. */
function answerHead({ signed }: HookTarget, response: ServerResponse): void {
  if (signed) throw unsignable();
  response.writeHead(200, { 'cache-control': 'no-store' }).end();
}

const unsignable = (): AppError => new AppError('bad-signature', 'This webhook requires signatures, and GET requests can’t be signed. Use POST.');

function refuseForged({ installation }: CallParts, { signed }: HookTarget, { method, headers }: IncomingMessage, raw: Buffer): void {
  if (!signed) return;
  if (method === 'GET') throw unsignable();
  const fault = signatureFault(signed.settings, signed.keys, { headers, raw, now: installation.now().getTime() });
  if (fault === undefined) return;
  // The signature may match a secret that this server has but can't decrypt.
  if (signed.unreadable) {
    throw new AppError('secret-unreadable', 'The signing secret of this webhook can’t be decrypted, so signatures can’t be checked. No run was started.');
  }
  throw new AppError('bad-signature', `${fault} No run was started.`);
}

async function refuseTooMany({ rates }: CallParts, { kind, workflow, settings }: HookTarget): Promise<void> {
  const { requestsPerMinute } = settings;
  if (!requestsPerMinute) return;
  const retryAfterMs = await rates.take(`${kind}:${workflow.id}`, requestsPerMinute);
  if (retryAfterMs === 0) return;
  throw new AppError('rate-limited', `Rate limit of ${requestsPerMinute} requests per minute exceeded. No run was started.`, { retryAfterMs });
}

/** The caller disconnected before the response: 499, as nginx uses it. */
const CALLER_GONE = 499;

function note(
  { installation, deliveries }: CallParts,
  { method = '' }: IncomingMessage,
  { headersSent, statusCode }: ServerResponse,
  { target, began, ...callLog }: CallLog & { target: HookTarget; began: Date },
): void {
  deliveries.note(target.settings.workspaceId, target.workflow.id, {
    at: isoTime(began.getTime()),
    kind: target.kind,
    method,
    status: headersSent ? statusCode : CALLER_GONE,
    ...callLog,
    resent: false,
    durationMs: installation.now().getTime() - began.getTime(),
  });
}
