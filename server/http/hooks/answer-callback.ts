import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { type OpenCallback, openCallback, receiveCallback } from '../../services/callbacks/receive-callback.ts';
import { isLarge, ownTurn } from '../../turns.ts';
import { decodeBody, isEncoded } from '../decode-body.ts';
import type { CallParts } from './answer-call.ts';
import { readHookBody } from './hook-body.ts';
import { sendJson } from './hook-reply.ts';

/*
 * A request to the callback URL of a waiting step. It passes the same gate and limits as webhook requests of its workflow. Only POST ends
 * the wait, since mail programs and chats open links on their own.
 */

export interface CallbackParts extends Pick<CallParts, 'installation' | 'gate' | 'intake' | 'addressOf' | 'rates'> {
  readonly secrets: Pick<Secrets, 'keyedHash'>;
}

/** Answers 202 once the callback is stored. */
export async function answerCallback(parts: CallbackParts, request: IncomingMessage, response: ServerResponse, token: string): Promise<void> {
  const { installation, gate, intake, addressOf, secrets } = parts;
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    throw new AppError('method-not-allowed', 'Send the callback with POST.', { details: { allowed: ['POST'] } });
  }
  gate.refuseWhenFull();
  const callback = await openCallback(installation, secrets, token);
  const { workflowId } = callback.run;
  const from = addressOf(request);
  const raw = await intake.read(request, callback.limits.maxBodyBytes, [`webhook ${workflowId}`, `address ${from}`]);
  const leave = gate.enter(workflowId, from);
  try {
    await takeBody(parts, request, callback, raw);
  } finally {
    leave();
  }
  sendJson(response, 202, { received: true });
}

async function takeBody({ installation, rates }: CallbackParts, { headers }: IncomingMessage, callback: OpenCallback, raw: Buffer): Promise<void> {
  const { maxBodyBytes, requestsPerMinute } = callback.limits;
  const held = installation.holdBody();
  try {
    held.add(raw.length);
    if (isLarge(raw.length)) await ownTurn();
    const retryAfterMs = requestsPerMinute ? await rates.take(`callback:${callback.run.workflowId}`, requestsPerMinute) : 0;
    if (retryAfterMs > 0) throw new AppError('rate-limited', `Rate limit of ${requestsPerMinute} callbacks per minute exceeded.`, { retryAfterMs });
    const encoding = headers['content-encoding'];
    const body = isEncoded(encoding) && raw.length > 0 ? await decodeBody(raw, encoding, maxBodyBytes) : raw;
    if (body !== raw) held.add(body.length);
    await receiveCallback(callback, readHookBody(body, headers['content-type'] ?? '').body);
  } finally {
    held.release();
  }
}
