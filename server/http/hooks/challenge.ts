import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { HookTarget } from '../../services/webhooks/hook-targets.ts';
import { sameText } from '../../services/webhooks/signatures.ts';
import { formPairs } from './form-fields.ts';
import type { ParsedCall } from './parse-call.ts';

/*
 * Handshakes: before sending events, a sender expects its own challenge back. They start no run.
 */

/** A challenge that may be echoed: a word without spaces. */
const WORD = /^[\x21-\x7e]{1,500}$/;

/** Whether a request is Meta’s handshake, which uses GET even if the webhook doesn't allow GET. */
export const isMetaChallenge = ({ settings }: HookTarget, method: string | undefined, query: string): boolean =>
  settings.challenge === 'meta' && method === 'GET' && /(^|&)hub\.mode=subscribe(&|$)/.test(query);

/** `hub.challenge` (Meta, “Webhooks: verification requests”). Throws `forbidden` if the token doesn't match. */
export function metaChallenge({ settings }: HookTarget, query: string): string {
  const given = new Map(formPairs(query, 'query'));
  const { verifyToken = '' } = settings;
  if (verifyToken === '' || !sameText(given.get('hub.verify_token') ?? '', verifyToken)) {
    throw new AppError('forbidden', 'hub.verify_token doesn’t match this webhook’s setting.');
  }
  return word(given.get('hub.challenge'), 'hub.challenge');
}

/** `url_verification` (Slack, Events API). Undefined if the request is an event. */
export function slackChallenge({ settings, signed }: HookTarget, { call: { body } }: ParsedCall): string | undefined {
  if (settings.challenge !== 'slack' && signed?.settings.scheme !== 'slack') return undefined;
  return isPlainObject(body) && body.type === 'url_verification' ? word(body.challenge, 'challenge') : undefined;
}

function word(value: unknown, name: string): string {
  if (typeof value === 'string' && WORD.test(value)) return value;
  throw new AppError('bad-request', `${name} must be a word of at most 500 characters.`);
}
