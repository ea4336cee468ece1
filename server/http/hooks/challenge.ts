import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { HookTarget } from '../../services/webhooks/hook-targets.ts';
import { sameText } from '../../services/webhooks/signatures.ts';
import { formPairs } from './form-fields.ts';
import type { ParsedCall } from './parse-call.ts';

/*
 * Handshakes: before a sender sends events, it wants a word back that it has sent. They start no run.
 */

/** What may be sent back: a word without spaces. */
const WORD = /^[\x21-\x7e]{1,500}$/;

/** Whether a request is Meta’s handshake, which comes by GET even where GET is not allowed otherwise. */
export const isMetaChallenge = ({ settings }: HookTarget, method: string | undefined, query: string): boolean =>
  settings.challenge === 'meta' && method === 'GET' && /(^|&)hub\.mode=subscribe(&|$)/.test(query);

/** `hub.challenge` (Meta, “Webhooks: verification requests”). Throws `forbidden` when the token is not the one that was agreed. */
export function metaChallenge({ settings }: HookTarget, query: string): string {
  const given = new Map(formPairs(query, 'query'));
  const { verifyToken = '' } = settings;
  if (verifyToken === '' || !sameText(given.get('hub.verify_token') ?? '', verifyToken)) {
    throw new AppError('forbidden', 'hub.verify_token isn’t the one that is set for this webhook.');
  }
  return word(given.get('hub.challenge'), 'hub.challenge');
}

/** `url_verification` (Slack, Events API). Undefined when the request is an event. */
export function slackChallenge({ settings, signed }: HookTarget, { call: { body } }: ParsedCall): string | undefined {
  if (settings.challenge !== 'slack' && signed?.settings.scheme !== 'slack') return undefined;
  return isPlainObject(body) && body.type === 'url_verification' ? word(body.challenge, 'challenge') : undefined;
}

function word(value: unknown, name: string): string {
  if (typeof value === 'string' && WORD.test(value)) return value;
  throw new AppError('bad-request', `${name} must be a word of at most 500 characters.`);
}
