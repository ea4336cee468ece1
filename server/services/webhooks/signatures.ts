import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { SignatureSettings } from '@switchyard/shared/contracts/webhooks.ts';

/*
 * Checks who sent a webhook call. Standard Webhooks (standardwebhooks.com, spec 1.0.0): `webhook-signature` holds signatures of
 * `<webhook-id>.<webhook-timestamp>.<body>`, HMAC-SHA256 in base64, each as `v1,<signature>`, separated by spaces. Plain HMAC: one
 * header with the HMAC-SHA256 of the body.
 * Invariants: 1. The bytes that came are what is checked. 2. Signatures are compared in constant time. 3. Whatever is missing,
 * unreadable or out of date is refused.
 */

export interface SigningKey {
  readonly key: Buffer;
  /** ms since 1970; null: until another is made. */
  readonly validUntil: number | null;
}

export interface SignedCall {
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
  /** ms since 1970. */
  readonly now: number;
}

const PREFIX = 'whsec_';
const TOLERANCE_S = 300;
const LONGEST_ID = 255;
/** More signatures than this are not looked at: nobody rotates so many keys at once. */
const MOST_SIGNATURES = 20;

/** The bytes to sign with: of `standard` what the base64 after `whsec_` says, of `hmac` the text as it is. Undefined when it cannot be read. */
export function signingKey(scheme: SignatureSettings['scheme'], secret: string): Buffer | undefined {
  if (scheme !== 'standard') return Buffer.from(secret, 'utf8');
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  const key = Buffer.from(text, 'base64');
  return key.length >= 12 && withoutPadding(key.toString('base64')) === withoutPadding(text) ? key : undefined;
}

const withoutPadding = (base64: string): string => base64.replace(/=+$/, '');

/** Why a call is refused, in words for whoever sent it; undefined when its signature holds. */
export function signatureFault(settings: SignatureSettings, keys: readonly SigningKey[], call: SignedCall): string | undefined {
  if (settings.scheme === 'none') return undefined;
  const valid = keys.filter(({ validUntil }) => validUntil === null || validUntil > call.now).map(({ key }) => key);
  return settings.scheme === 'standard' ? standardFault(valid, call) : hmacFault(settings, valid, call);
}

function standardFault(keys: readonly Buffer[], { headers, raw, now }: SignedCall): string | undefined {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') {
    return 'The headers webhook-id, webhook-timestamp and webhook-signature are needed.';
  }
  // With a full stop in the id the same bytes could be read as another id, time and body.
  if (id === '' || id.length > LONGEST_ID || id.includes('.')) return 'The header webhook-id cannot be read.';
  if (!/^\d{1,12}$/.test(timestamp)) return 'The header webhook-timestamp must be seconds since 1970.';
  if (Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE_S) return 'The header webhook-timestamp is more than five minutes off.';
  const given = signatures
    .split(' ', MOST_SIGNATURES)
    .filter((part) => part.startsWith('v1,'))
    .map((part) => part.slice(3));
  const expected = keys.map((key) => createHmac('sha256', key).update(`${id}.${timestamp}.`).update(raw).digest('base64'));
  return anyEqual(given, expected) ? undefined : 'The header webhook-signature does not fit the body.';
}

function hmacFault({ header, encoding, prefix }: SignatureSettings, keys: readonly Buffer[], { headers, raw }: SignedCall): string | undefined {
  const name = header.toLowerCase();
  const value = headers[name];
  if (typeof value !== 'string' || value === '') return `The header ${name} is needed.`;
  if (!value.startsWith(prefix)) return `The header ${name} must begin with ${prefix}.`;
  const text = value.slice(prefix.length);
  const given = encoding === 'hex' ? text.toLowerCase() : text;
  const expected = keys.map((key) => createHmac('sha256', key).update(raw).digest(encoding));
  return anyEqual([given], expected) ? undefined : `The header ${name} does not fit the body.`;
}

/** Compares all with all, so that the time does not tell which one was near. */
function anyEqual(given: readonly string[], expected: readonly string[]): boolean {
  let equal = false;
  for (const one of given) for (const other of expected) equal = sameText(one, other) || equal;
  return equal;
}

function sameText(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
