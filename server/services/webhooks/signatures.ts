import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { SignatureSettings } from '@switchyard/shared/contracts/webhooks.ts';

/*
 * Checks who sent a webhook request, by the schemes of Standard Webhooks (standardwebhooks.com, spec 1.0.0; Svix uses it with `svix-`
 * headers), GitHub, Stripe, Slack, Shopify, and custom settings. All are HMAC-SHA256.
 * Invariants: 1. The original bytes are checked. 2. Signatures are compared in constant time. 3. Anything missing,
 * malformed, or outside the time tolerance in either direction is rejected.
 */

export interface SigningKey {
  readonly key: Buffer;
  /** ms since 1970. Null: until another secret is created. */
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
/** Further signatures are ignored: no sender rotates so many keys at once. */
const MOST_SIGNATURES = 20;

type HeaderRules = Pick<SignatureSettings, 'header' | 'prefix' | 'encoding' | 'content' | 'timestampHeader'>;

/** Schemes with one signature in one header. */
const PRESETS: Readonly<Record<'github' | 'slack' | 'shopify', HeaderRules>> = {
  github: { header: 'x-hub-signature-256', prefix: 'sha256=', encoding: 'hex', content: '{body}', timestampHeader: '' },
  slack: { header: 'x-slack-signature', prefix: 'v0=', encoding: 'hex', content: 'v0:{timestamp}:{body}', timestampHeader: 'x-slack-request-timestamp' },
  shopify: { header: 'x-shopify-hmac-sha256', prefix: '', encoding: 'base64', content: '{body}', timestampHeader: '' },
};

/** The key bytes: for `standard` the base64 after `whsec_`, otherwise the text itself. Undefined if invalid. */
export function signingKey(scheme: SignatureSettings['scheme'], secret: string): Buffer | undefined {
  if (scheme !== 'standard') return Buffer.from(secret, 'utf8');
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  const key = Buffer.from(text, 'base64');
  return key.length >= 12 && withoutPadding(key.toString('base64')) === withoutPadding(text) ? key : undefined;
}

const withoutPadding = (base64: string): string => base64.replace(/=+$/, '');

/** The headers of a Standard Webhooks request with this ID and body, sent now. */
export function standardHeadersFor(
  secret: string,
  { id, now, body }: { readonly id: string; readonly now: Date; readonly body: string },
): Record<string, string> {
  const key = signingKey('standard', secret);
  if (!key) throw new Error('Not a secret of Standard Webhooks');
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** The headers that sign a Standard Webhooks request: its own, or those of Svix if its own have no signature. */
const standardHeaders = (headers: IncomingHttpHeaders): 'webhook' | 'svix' =>
  headers['webhook-signature'] === undefined && headers['svix-signature'] !== undefined ? 'svix' : 'webhook';

/** The ID that a Standard Webhooks signature covers. */
export const signedId = (headers: IncomingHttpHeaders): string | string[] | undefined => headers[`${standardHeaders(headers)}-id`];

/** The signed text, and the signatures sent with it. */
interface Claim {
  readonly given: readonly string[];
  readonly content: readonly (string | Buffer)[];
  readonly encoding: 'hex' | 'base64';
}

/** A message about invalid headers. */
class Fault extends Error {}

/** Why a request is rejected, in a message for its sender. Undefined if its signature is valid. */
export function signatureFault(settings: SignatureSettings, keys: readonly SigningKey[], call: SignedCall): string | undefined {
  const { scheme } = settings;
  if (scheme === 'none') return undefined;
  const valid = keys.filter(({ validUntil }) => validUntil === null || validUntil > call.now).map(({ key }) => key);
  const header = signatureHeader(settings, call.headers);
  try {
    const claim = claimOf(settings, call);
    const expected = valid.map((key) => {
      const hmac = createHmac('sha256', key);
      for (const part of claim.content) hmac.update(part);
      return hmac.digest(claim.encoding);
    });
    return anyEqual(claim.given, expected) ? undefined : `${header} doesn’t match the body.`;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}

function signatureHeader({ scheme, header }: SignatureSettings, headers: IncomingHttpHeaders): string {
  if (scheme === 'standard') return `${standardHeaders(headers)}-signature`;
  if (scheme === 'stripe') return 'stripe-signature';
  return scheme === 'hmac' || scheme === 'none' ? header.toLowerCase() : PRESETS[scheme].header;
}

function claimOf(settings: SignatureSettings, call: SignedCall): Claim {
  const { scheme } = settings;
  if (scheme === 'standard') return standardClaim(call);
  if (scheme === 'stripe') return stripeClaim(call);
  return headerClaim(scheme === 'hmac' || scheme === 'none' ? settings : PRESETS[scheme], call);
}

function headerOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  if (typeof value !== 'string' || value === '') throw new Fault(`Missing header ${name}.`);
  return value;
}

/** Throws unless a time is written in seconds and at most five minutes off. */
function checkTime(name: string, time: string, now: number): void {
  if (!/^\d{1,12}$/.test(time)) throw new Fault(`${name} must be in seconds since 1970.`);
  if (Math.abs(now / 1_000 - Number(time)) > TOLERANCE_S) throw new Fault(`${name} is more than five minutes off.`);
}

function standardClaim({ headers, raw, now }: SignedCall): Claim {
  const set = standardHeaders(headers);
  const [id, time, signatures] = [headers[`${set}-id`], headers[`${set}-timestamp`], headers[`${set}-signature`]];
  if (typeof id !== 'string' || typeof time !== 'string' || typeof signatures !== 'string') {
    throw new Fault(`Missing header ${set}-id, ${set}-timestamp, or ${set}-signature.`);
  }
  // With a period in the ID, the same bytes could be read as another ID, time, and body.
  if (id === '' || id.length > LONGEST_ID || id.includes('.')) throw new Fault(`${set}-id is invalid.`);
  checkTime(`${set}-timestamp`, time, now);
  const given = signatures.split(' ', MOST_SIGNATURES).filter((part) => part.startsWith('v1,'));
  return { given: given.map((part) => part.slice(3)), content: [`${id}.${time}.`, raw], encoding: 'base64' };
}

/** `t=1700000000,v1=…,v1=…` (docs.stripe.com/webhooks#verify-manually). */
function stripeClaim({ headers, raw, now }: SignedCall): Claim {
  const parts = headerOf(headers, 'stripe-signature').split(',', MOST_SIGNATURES);
  const named = (name: string): string[] => parts.filter((part) => part.trim().startsWith(`${name}=`)).map((part) => part.trim().slice(name.length + 1));
  const [time, another] = named('t');
  if (time === undefined || another !== undefined) throw new Fault('stripe-signature must contain one time, as t=.');
  checkTime('stripe-signature', time, now);
  return { given: named('v1'), content: [`${time}.`, raw], encoding: 'hex' };
}

function headerClaim({ header, prefix, encoding, content, timestampHeader }: HeaderRules, { headers, raw, now }: SignedCall): Claim {
  const name = header.toLowerCase();
  const value = headerOf(headers, name);
  if (!value.startsWith(prefix)) throw new Fault(`${name} must start with ${prefix}.`);
  const text = value.slice(prefix.length);
  const timeName = timestampHeader.toLowerCase();
  const time = timeName === '' ? '' : headerOf(headers, timeName);
  if (timeName !== '') checkTime(timeName, time, now);
  return {
    given: [encoding === 'hex' ? text.toLowerCase() : text],
    content: content.split(/(\{body\}|\{timestamp\})/).map((part) => (part === '{body}' ? raw : part === '{timestamp}' ? time : part)),
    encoding,
  };
}

/** Compares every pair, so the duration doesn't reveal which one was close. */
function anyEqual(given: readonly string[], expected: readonly string[]): boolean {
  let equal = false;
  for (const one of given) for (const other of expected) equal = sameText(one, other) || equal;
  return equal;
}

/** Compares in constant time. */
export function sameText(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
