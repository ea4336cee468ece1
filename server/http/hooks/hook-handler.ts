import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, toAppError } from '@switchyard/shared/errors.ts';
import { NO_SCRIPTS } from '@switchyard/shared/response-headers.ts';
import type { Installation } from '../../services/context.ts';
import { runStatus, statusOrigins } from '../../services/runs/run-status.ts';
import type { AllowedHosts } from '../allowed-hosts.ts';
import { answerChat } from '../chat/answer-chat.ts';
import { answerForm } from '../forms/answer-form.ts';
import { sendProblem } from '../problem.ts';
import { answerCall, type CallParts, unknownAddress } from './answer-call.ts';
import { answerCallback, type CallbackParts } from './answer-callback.ts';
import { answerFeedback } from './answer-feedback.ts';
import { allowOrigin, answerOptions } from './cors.ts';
import { sendJson } from './hook-reply.ts';

/*
 * Everything under /hooks/, /callbacks/, /feedback/, /f/, and /c/, on Node's own request and response: webhook traffic needs nothing that Express does for pages and API.
 * Host is checked. Origin is not, since a URL here is a capability.
 */

export interface HookParts extends CallParts, CallbackParts {
  readonly hosts: AllowedHosts;
}

const PREFIX = '/hooks/';
const CALLBACKS = '/callbacks/';
const FEEDBACK = '/feedback/';
const FORMS = '/f/';
const CHATS = '/c/';
export const isHookPath = (url: string): boolean => [PREFIX, CALLBACKS, FEEDBACK, FORMS, CHATS].some((prefix) => url.startsWith(prefix));

/** Answers a request whose path starts with /hooks/, /callbacks/, /feedback/, /f/, or /c/. Never throws. */
export function createHookHandler(parts: HookParts): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    // No body may run scripts when a browser opens it here, on the editor’s origin.
    response.setHeader('content-security-policy', NO_SCRIPTS);
    response.setHeader('x-content-type-options', 'nosniff');
    try {
      parts.hosts.checkHost(request.headers);
      const url = request.url ?? '';
      const mark = url.indexOf('?');
      const path = mark < 0 ? url : url.slice(0, mark);
      if (path.startsWith(CALLBACKS)) return await answerCallback(parts, request, response, path.slice(CALLBACKS.length));
      if (path.startsWith(FEEDBACK)) return await answerFeedback(parts, request, response, path.slice(FEEDBACK.length));
      if (path.startsWith(FORMS)) return await answerForm(parts, request, response, path.slice(FORMS.length));
      if (path.startsWith(CHATS)) return await answerChat(parts, request, response, path.slice(CHATS.length));
      const [first = '', second, third] = path.slice(PREFIX.length).split('/');
      const query = mark < 0 ? '' : url.slice(mark + 1);
      if (third !== undefined) throw unknownAddress();
      if (second === undefined) await answerCall(parts, request, response, { kind: 'live', token: first, query });
      else if (first === 'test') await answerCall(parts, request, response, { kind: 'test', token: second, query });
      else if (first === 'status') await answerStatus(parts.installation, request, response, second);
      else throw unknownAddress();
    } catch (error) {
      parts.refused(toAppError(error).code);
      sendProblem(response, error, parts.log);
    }
  };
}

/** Origins that may call a webhook may also read the status of its runs. */
async function answerStatus(installation: Installation, request: IncomingMessage, response: ServerResponse, token: string): Promise<void> {
  const { method = '' } = request;
  const origins = request.headers.origin === undefined ? [] : await statusOrigins(installation, token);
  const allowed = allowOrigin(request, response, origins);
  if (method === 'OPTIONS') return answerOptions(request, response, STATUS_METHODS, allowed);
  if (!STATUS_METHODS.includes(method)) {
    response.setHeader('allow', STATUS_METHODS.join(', '));
    throw new AppError('method-not-allowed', 'Run status is read-only. Use GET.', { details: { allowed: ['GET'] } });
  }
  sendJson(response, 200, await runStatus(installation, token));
}

const STATUS_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
