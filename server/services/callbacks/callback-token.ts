import { timingSafeEqual } from 'node:crypto';
import type { Secrets } from '../../secrets/secrets.ts';

/*
 * The tokens of callback URLs. A token names the wait that it ends and proves that this installation made it, so none are stored and
 * making one twice gives the same.
 */

/** The wait that a callback ends. */
export interface CallbackPlace {
  readonly workspaceId: string;
  readonly runId: string;
  readonly waitId: string;
}

type Keyed = Pick<Secrets, 'keyedHash'>;

/** Longer than the deepest step ID makes it. */
const LONGEST = 2_000;

const proofOf = (secrets: Keyed, place: string): Buffer => secrets.keyedHash('callback', place);

export function callbackToken(secrets: Keyed, { workspaceId, runId, waitId }: CallbackPlace): string {
  const place = Buffer.from(JSON.stringify([workspaceId, runId, waitId])).toString('base64url');
  return `${place}.${proofOf(secrets, place).toString('base64url')}`;
}

/** The wait that a token names. Undefined if the token isn’t from this installation. */
export function readCallbackToken(secrets: Keyed, token: string): CallbackPlace | undefined {
  const [place = '', proof = '', ...rest] = token.length > LONGEST ? [] : token.split('.');
  const given = Buffer.from(proof, 'base64url');
  const own = proofOf(secrets, place);
  if (rest.length > 0 || given.length !== own.length || !timingSafeEqual(given, own)) return undefined;
  const [workspaceId, runId, waitId] = JSON.parse(Buffer.from(place, 'base64url').toString()) as [string, string, string];
  return { workspaceId, runId, waitId };
}
