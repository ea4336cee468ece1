import type { IncomingMessage, ServerResponse } from 'node:http';
import { feedbackBody } from '@switchyard/shared/contracts/evaluation/feedback.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { giveFeedbackByLink, openFeedback } from '../../services/feedback/feedback.ts';
import { statusOrigins } from '../../services/runs/run-status.ts';
import { checked } from '../register.ts';
import type { CallParts } from './answer-call.ts';
import { allowOrigin, answerOptions } from './cors.ts';
import { readHookBody } from './hook-body.ts';
import { sendJson } from './hook-reply.ts';

/*
 * Feedback of end users, with the token of a run’s status URL. Pages on the origins of the run’s webhook may send it, too.
 */

type FeedbackParts = Pick<CallParts, 'installation' | 'gate' | 'intake' | 'addressOf' | 'rates'>;

/** A comment with any characters fits, also in JSON with escapes. */
const BODY_BYTES = 64_000;
/** From one address, which may be a server that passes on what its users say. */
const PER_MINUTE = 600;
const METHODS: readonly string[] = ['POST', 'OPTIONS'];

/** Answers 201 once the feedback is stored, 200 if it replaces earlier feedback. */
export async function answerFeedback(parts: FeedbackParts, request: IncomingMessage, response: ServerResponse, token: string): Promise<void> {
  const { installation, gate, intake, addressOf, rates } = parts;
  const origins = request.headers.origin === undefined ? [] : await statusOrigins(installation, token);
  const allowed = allowOrigin(request, response, origins);
  if (request.method === 'OPTIONS') return answerOptions(request, response, METHODS, allowed);
  if (request.method !== 'POST') {
    response.setHeader('allow', METHODS.join(', '));
    throw new AppError('method-not-allowed', 'Send feedback with POST.', { details: { allowed: ['POST'] } });
  }
  gate.refuseWhenFull();
  const from = addressOf(request);
  const retryAfterMs = await rates.take(`feedback:${from}`, PER_MINUTE);
  if (retryAfterMs > 0) throw new AppError('rate-limited', 'Too much feedback at once. Wait a minute, then try again.', { retryAfterMs });
  const opened = await openFeedback(installation, token.length > 200 ? '' : token);
  const raw = await intake.read(request, BODY_BYTES, [`webhook ${opened.record.workflowId}`, `address ${from}`]);
  const { replaced } = await giveFeedbackByLink(opened, checked(feedbackBody, readHookBody(raw, request.headers['content-type'] ?? '').body, 'feedback'));
  sendJson(response, replaced ? 200 : 201, { received: true, replaced });
}
