import { createHmac } from 'node:crypto';

/* Requests by a sender who has seen a genuine one but doesn't have the secret, and some by one with an old secret. */

export interface Vector {
  readonly name: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Genuine {
  readonly id: string;
  /** Seconds since 1970. */
  readonly at: number;
  readonly body: string;
  readonly secret: string;
}

const JSON_TYPE = { 'content-type': 'application/json' };

const signatureOf = ({ id, at, body, secret }: Genuine): string =>
  createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(`${id}.${at}.${body}`)
    .digest('base64');

const headersOf = (id: string, at: number | string, signature: string) => ({
  ...JSON_TYPE,
  'webhook-id': id,
  'webhook-timestamp': String(at),
  'webhook-signature': signature,
});

/** A request as its sender signs it (Standard Webhooks). */
export const genuineVector = (call: Genuine): Vector => ({
  name: 'genuine',
  body: call.body,
  headers: headersOf(call.id, call.at, `v1,${signatureOf(call)}`),
});

/** Another character at this place. */
const changedAt = (text: string, place: number): string => {
  const index = place % text.length;
  return text.slice(0, index) + (text[index] === 'x' ? 'y' : 'x') + text.slice(index + 1);
};

type Forge = (call: Genuine, number: number) => Omit<Vector, 'name'>;

const resigned = (call: Genuine): Omit<Vector, 'name'> => ({ body: call.body, headers: genuineVector(call).headers });
const withSignature = (call: Genuine, signature: string): Omit<Vector, 'name'> => ({ body: call.body, headers: headersOf(call.id, call.at, signature) });
const withBody = (call: Genuine, body: string): Omit<Vector, 'name'> => ({ body, headers: genuineVector(call).headers });
const without = (call: Genuine, name: string): Omit<Vector, 'name'> => ({
  body: call.body,
  headers: Object.fromEntries(Object.entries(genuineVector(call).headers).filter(([key]) => key !== name)),
});

/**
 * Each turns a genuine request into a different forgery every time, by its number. `old` is a secret that is no longer valid, `guess` one
 * that never was.
 */
export const forgeries = ({ old, guess }: { readonly old: string; readonly guess: string }): Readonly<Record<string, Forge>> => ({
  'a changed body': (call, number) => withBody(call, changedAt(call.body, call.body.indexOf('number') + number)),
  'a body with more after it': (call, number) => withBody(call, `${call.body}${' '.repeat(1 + (number % 5))}`),
  'a truncated body': (call, number) => withBody(call, call.body.slice(0, -1 - (number % 10))),
  'a body that was parsed and serialized again': (call) => withBody(call, JSON.stringify(JSON.parse(call.body))),
  'no body': (call) => withBody(call, ''),
  'a time long ago': (call, number) => resigned({ ...call, at: call.at - 301 - number * 60 }),
  'a time in the future': (call, number) => resigned({ ...call, at: call.at + 330 + number * 60 }),
  'another time than was signed': (call, number) => ({ body: call.body, headers: headersOf(call.id, call.at + 1 + (number % 60), `v1,${signatureOf(call)}`) }),
  'an invalid time': (call, number) => ({
    body: call.body,
    headers: headersOf(call.id, ['now', '', '1e9', `${call.at}.5`, `-${call.at}`, `${call.at}000`][number % 6] ?? '', `v1,${signatureOf(call)}`),
  }),
  'another ID than was signed': (call, number) => ({ body: call.body, headers: headersOf(`${call.id}_${number}`, call.at, `v1,${signatureOf(call)}`) }),
  'an ID that includes the time': (call) => ({ body: call.body, headers: headersOf(`${call.id}.${call.at}`, call.at, `v1,${signatureOf(call)}`) }),
  'the secret before the last': (call) => resigned({ ...call, secret: old }),
  'a secret that was never valid': (call) => resigned({ ...call, secret: guess }),
  'the secret as text instead of its bytes': (call) =>
    withSignature(call, `v1,${createHmac('sha256', call.secret).update(`${call.id}.${call.at}.${call.body}`).digest('base64')}`),
  'a signature of only the body': (call) =>
    withSignature(
      call,
      `v1,${createHmac('sha256', Buffer.from(call.secret.slice(6), 'base64'))
        .update(call.body)
        .digest('base64')}`,
    ),
  'a changed signature': (call, number) => withSignature(call, `v1,${changedAt(signatureOf(call), number % 42)}`),
  'a truncated signature': (call, number) => withSignature(call, `v1,${signatureOf(call).slice(0, -2 - (number % 20))}`),
  'a signature in hex': (call) => withSignature(call, `v1,${Buffer.from(signatureOf(call), 'base64').toString('hex')}`),
  'another signature version': (call, number) => withSignature(call, `${['v0', 'v1a', 'v2', 'V1', ''][number % 5]},${signatureOf(call)}`),
  'many signatures, none of them right': (call, number) =>
    withSignature(call, Array.from({ length: 30 }, (_, index) => `v1,${changedAt(signatureOf(call), number + index)}`).join(' ')),
  'an empty signature': (call, number) => withSignature(call, ['v1,', 'v1', ',', ''][number % 4] ?? ''),
  'no signature': (call) => without(call, 'webhook-signature'),
  'no ID': (call) => without(call, 'webhook-id'),
  'no time': (call) => without(call, 'webhook-timestamp'),
  'nothing signed at all': (call) => ({ body: call.body, headers: { ...JSON_TYPE, 'idempotency-key': call.id } }),
});
