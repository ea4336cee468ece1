import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type SignatureSettings, signatureSettingsSchema } from '@switchyard/shared/contracts/webhooks.ts';
import { describe, expect, it, test } from 'vitest';
import { type SigningKey, signatureFault, signedId, signingKey } from './signatures.ts';

const NOW_S = 1_800_000_000;
const BODY = '{"id":"evt_1","amount":12.50,"name":"Jörg"}';
const STANDARD: SignatureSettings = signatureSettingsSchema.parse({ scheme: 'standard' });
const HMAC: SignatureSettings = { ...STANDARD, scheme: 'hmac', prefix: 'sha256=' };
const key = (text: string, validUntil: number | null = null): SigningKey => ({ key: Buffer.from(text.padEnd(24, '.')), validUntil });
const OURS = key('ours');

interface Vector {
  readonly settings?: SignatureSettings;
  readonly keys?: readonly SigningKey[];
  readonly headers: IncomingHttpHeaders;
  readonly body?: string | Buffer;
  readonly at?: number;
}
const fault = ({ settings = STANDARD, keys = [OURS], headers, body = BODY, at = NOW_S }: Vector) =>
  signatureFault(settings, keys, { headers, raw: Buffer.from(body), now: at * 1_000 });

const sign = (body: string | Buffer, { id = 'evt_1', at = String(NOW_S), by = OURS } = {}): string =>
  `v1,${createHmac('sha256', by.key).update(`${id}.${at}.`).update(body).digest('base64')}`;
const signed = (changes: IncomingHttpHeaders = {}, body: string | Buffer = BODY): IncomingHttpHeaders => ({
  'webhook-id': 'evt_1',
  'webhook-timestamp': String(NOW_S),
  'webhook-signature': sign(body),
  ...changes,
});
const without = (name: string): IncomingHttpHeaders => Object.fromEntries(Object.entries(signed()).filter(([header]) => header !== name));

describe('valid requests', () => {
  const good: readonly [string, Vector][] = [
    ['signed just now', { headers: signed() }],
    ['299 s old', { headers: signed(), at: NOW_S + 299 }],
    ['299 s ahead', { headers: signed(), at: NOW_S - 299 }],
    ['an empty body', { headers: signed({}, ''), body: '' }],
    ['a body that is not text', { headers: signed({}, Buffer.from([0xff, 0, 0xfe])), body: Buffer.from([0xff, 0, 0xfe]) }],
    ['several signatures, the last one right', { headers: signed({ 'webhook-signature': `v1,AAAA v1a,other ${sign(BODY)}` }) }],
    ['several signatures, the first one right', { headers: signed({ 'webhook-signature': `${sign(BODY)} ${sign(BODY, { by: key('next') })}` }) }],
    ['signed with the old key while it is valid', { headers: signed(), keys: [key('new'), key('ours', (NOW_S + 1) * 1_000)] }],
    [
      'signed with the new key',
      { headers: signed({ 'webhook-signature': sign(BODY, { by: key('new') }) }), keys: [key('new'), key('ours', NOW_S * 1_000 + 5)] },
    ],
    ['plain HMAC in hex', { settings: HMAC, headers: { 'x-signature-256': `sha256=${createHmac('sha256', OURS.key).update(BODY).digest('hex')}` } }],
    [
      'plain HMAC in uppercase hex',
      { settings: { ...HMAC, prefix: '' }, headers: { 'x-signature-256': createHmac('sha256', OURS.key).update(BODY).digest('hex').toUpperCase() } },
    ],
    [
      'plain HMAC in base64 under a header name with capitals',
      {
        settings: { ...HMAC, header: 'X-Shop-Hmac', encoding: 'base64', prefix: '' },
        headers: { 'x-shop-hmac': createHmac('sha256', OURS.key).update(BODY).digest('base64') },
      },
    ],
    ['anything, if no signature is required', { settings: { ...STANDARD, scheme: 'none' }, keys: [], headers: {} }],
  ];
  it.each(good)('%s', (_what, vector) => expect(fault(vector)).toBeUndefined());

  it('signatures of the reference implementation (standardwebhooks 1.1.1 for JavaScript)', () => {
    const secret = signingKey('standard', 'whsec_MfKQ9r8GKYqTwjUPD8ILPZIo2LaLaSw') ?? Buffer.alloc(0);
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,APzAMjTmGJD1CHe1l3psPWqHBNm7LdzUn7zexTcoEpk=',
    };
    const vector = { keys: [{ key: secret, validUntil: null }], headers, body: '{"test": 2432232314}', at: 1_614_265_330 };
    expect(fault(vector)).toBeUndefined();
    expect(fault({ ...vector, body: '{"test":2432232314}' })).toContain('doesn’t match');
  });
});

/** Schemes of other senders, each signed as its own documentation says. */
const SECRET = OURS.key.toString();
const hexOf = (content: string): string => createHmac('sha256', SECRET).update(content).digest('hex');
const base64Of = (content: string): string => createHmac('sha256', SECRET).update(content).digest('base64');
const T = String(NOW_S);
const own = (changes: Partial<SignatureSettings>): SignatureSettings => signatureSettingsSchema.parse({ scheme: 'hmac', ...changes });
const timed = own({ header: 'X-Sig', content: '{timestamp}|{body}', timestampHeader: 'X-Time', encoding: 'base64' });
const svix = { 'svix-id': 'evt_1', 'svix-timestamp': T, 'svix-signature': sign(BODY) };
const others: readonly { what: string; settings: SignatureSettings; headers: Record<string, string>; timed: boolean }[] = [
  { what: 'Svix', settings: STANDARD, headers: svix, timed: true },
  { what: 'GitHub', settings: own({ scheme: 'github' }), headers: { 'x-hub-signature-256': `sha256=${hexOf(BODY)}` }, timed: false },
  { what: 'Shopify', settings: own({ scheme: 'shopify' }), headers: { 'x-shopify-hmac-sha256': base64Of(BODY) }, timed: false },
  {
    what: 'Stripe',
    settings: own({ scheme: 'stripe' }),
    headers: { 'stripe-signature': `t=${T},v1=${hexOf('x')},v1=${hexOf(`${T}.${BODY}`)},v0=x` },
    timed: true,
  },
  {
    what: 'Slack',
    settings: own({ scheme: 'slack' }),
    headers: { 'x-slack-signature': `v0=${hexOf(`v0:${T}:${BODY}`)}`, 'x-slack-request-timestamp': T },
    timed: true,
  },
  { what: 'own', settings: timed, headers: { 'x-sig': base64Of(`${T}|${BODY}`), 'x-time': T }, timed: true },
];

test.each(others)('$what: accepts a right signature and rejects anything else', ({ settings, headers, timed }) => {
  const vector = (changes: Partial<Vector>) => fault({ settings, headers, ...changes });
  expect(vector({})).toBeUndefined();
  expect(vector({ at: NOW_S + 299 })).toBeUndefined();
  for (const at of [NOW_S + 301, NOW_S - 301]) expect(vector({ at }) === undefined).toBe(!timed);
  expect(vector({ body: `${BODY} ` })).toMatch(/doesn’t match the body/);
  expect(vector({ keys: [key('other')] })).toMatch(/doesn’t match the body|Missing header|five minutes off|is invalid|must /);
  expect(vector({ keys: [] })).toMatch(/doesn’t match the body|Missing header|five minutes off|is invalid|must /);
  for (const [name, value] of Object.entries(headers)) {
    expect(vector({ headers: { ...headers, [name]: undefined } }), `without ${name}`).toMatch(
      /doesn’t match the body|Missing header|five minutes off|is invalid|must /,
    );
    expect(vector({ headers: { ...headers, [name]: value.replaceAll(/[0-9a-f]/g, '7') } }), `another ${name}`).toMatch(
      /doesn’t match the body|Missing header|five minutes off|is invalid|must /,
    );
    expect(vector({ headers: { ...headers, [name]: '' } }), `empty ${name}`).toMatch(/doesn’t match the body|Missing header|five minutes off|is invalid|must /);
  }
});

test.each([
  [`v1=${hexOf(`${T}.${BODY}`)}`, 'no time'],
  [`t=${T},t=${T},v1=${hexOf(`${T}.${BODY}`)}`, 'two times'],
  [`t=${Number(T) + 1},v1=${hexOf(`${T}.${BODY}`)}`, 'another time'],
  [`t=${T},v0=${hexOf(`${T}.${BODY}`)}`, 'another version'],
  [`t=${T},v1=${hexOf(BODY)}`, 'the body without the time'],
])('Stripe: %s has %s', (header) => {
  expect(fault({ settings: own({ scheme: 'stripe' }), headers: { 'stripe-signature': header } })).toMatch(/^stripe-signature/);
});

test('uses Standard Webhooks’ own headers if both sets are present', () => {
  expect(fault({ headers: { ...svix, ...signed({ 'webhook-signature': 'v1,AAAA' }) } })).toMatch(/^webhook-signature/);
  expect(signedId({ ...svix, 'webhook-id': 'evt_2' })).toBe('evt_1');
});

/** Every byte of the body with one bit flipped. */
const tampered = Array.from({ length: Buffer.byteLength(BODY) }, (_, place): [string, Vector] => {
  const body = Buffer.from(BODY);
  body[place] = (body[place] ?? 0) ^ 1;
  return [`byte ${place} of the body changed`, { headers: signed(), body }];
});

/** Every character of the signature replaced by another one. */
const forged = Array.from({ length: 44 }, (_, place): [string, Vector] => {
  const right = sign(BODY).slice(3);
  const letter = right[place] === 'A' ? 'B' : 'A';
  return [
    `character ${place} of the signature changed`,
    { headers: signed({ 'webhook-signature': `v1,${right.slice(0, place)}${letter}${right.slice(place + 1)}` }) },
  ];
});

const right = createHmac('sha256', OURS.key).update(BODY).digest('hex');
const hmac = (value: string | undefined, settings: SignatureSettings = HMAC): Vector => ({
  settings,
  headers: value === undefined ? {} : { 'x-signature-256': value },
});

const refused: readonly [string, Vector][] = [
  ...tampered,
  ...forged,
  ['a body that was parsed and serialized again', { headers: signed(), body: JSON.stringify(JSON.parse(BODY)) }],
  ['an additional space', { headers: signed(), body: `${BODY} ` }],
  ['an additional line break', { headers: signed(), body: `${BODY}\n` }],
  ['a leading byte order mark', { headers: signed(), body: `\uFEFF${BODY}` }],
  ['fields in another order', { headers: signed(), body: '{"amount":12.50,"id":"evt_1","name":"Jörg"}' }],
  ['escaped letters', { headers: signed(), body: BODY.replace('ö', '\\u00f6') }],
  ['another encoding', { headers: signed(), body: Buffer.from(BODY, 'latin1') }],
  ['no body', { headers: signed(), body: '' }],
  ['another body', { headers: signed(), body: '{}' }],
  ['301 s old', { headers: signed(), at: NOW_S + 301 }],
  ['a day old', { headers: signed(), at: NOW_S + 86_400 }],
  ['301 s ahead', { headers: signed(), at: NOW_S - 301 }],
  ['a year ahead', { headers: signed(), at: NOW_S - 31_536_000 }],
  ['an old signature under a new time', { headers: signed({ 'webhook-timestamp': String(NOW_S + 600) }), at: NOW_S + 600 }],
  ['another ID', { headers: signed({ 'webhook-id': 'evt_2' }) }],
  ['an ID in capitals', { headers: signed({ 'webhook-id': 'EVT_1' }) }],
  ['the border between ID and time moved', { headers: signed({ 'webhook-id': `evt_1.${NOW_S}`, 'webhook-timestamp': String(NOW_S) }), body: BODY }],
  ['an empty ID', { headers: signed({ 'webhook-id': '', 'webhook-signature': sign(BODY, { id: '' }) }) }],
  ['a too long ID', { headers: signed({ 'webhook-id': 'x'.repeat(256), 'webhook-signature': sign(BODY, { id: 'x'.repeat(256) }) }) }],
  ['no ID', { headers: without('webhook-id') }],
  ['no time', { headers: without('webhook-timestamp') }],
  ['no signature', { headers: without('webhook-signature') }],
  ['no header at all', { headers: {} }],
  ['an empty signature', { headers: signed({ 'webhook-signature': '' }) }],
  ['only a version', { headers: signed({ 'webhook-signature': 'v1,' }) }],
  ['no version', { headers: signed({ 'webhook-signature': sign(BODY).slice(3) }) }],
  ['another version', { headers: signed({ 'webhook-signature': sign(BODY).replace('v1,', 'v2,') }) }],
  ['the version of another scheme', { headers: signed({ 'webhook-signature': sign(BODY).replace('v1,', 'v1a,') }) }],
  ['an uppercase version', { headers: signed({ 'webhook-signature': sign(BODY).replace('v1,', 'V1,') }) }],
  ['missing padding', { headers: signed({ 'webhook-signature': sign(BODY).replace(/=+$/, '') }) }],
  ['the signature in hex', { headers: signed({ 'webhook-signature': `v1,${Buffer.from(sign(BODY).slice(3), 'base64').toString('hex')}` }) }],
  ['a signature with more text after it', { headers: signed({ 'webhook-signature': `${sign(BODY)}A` }) }],
  ['the right one after twenty others', { headers: signed({ 'webhook-signature': `${'v1,AAAA '.repeat(20)}${sign(BODY)}` }) }],
  ['commas between signatures', { headers: signed({ 'webhook-signature': `v1,AAAA,${sign(BODY)}` }) }],
  ['a signature of only the body', { headers: signed({ 'webhook-signature': `v1,${createHmac('sha256', OURS.key).update(BODY).digest('base64')}` }) }],
  ['another key', { headers: signed({ 'webhook-signature': sign(BODY, { by: key('theirs') }) }) }],
  ['the previous key after it expired', { headers: signed(), keys: [key('new'), key('ours', NOW_S * 1_000)] }],
  ['a retired key', { headers: signed(), keys: [key('new')] }],
  ['no key at all', { headers: signed(), keys: [] }],
  ...['', ' ', 'now', '-1', '1.8e9', `${NOW_S}.0`, ` ${NOW_S}`, `+${NOW_S}`, `${NOW_S}000`, '0x6b49d200', 'NaN', 'Infinity'].map((time): [string, Vector] => [
    `the time “${time}”`,
    { headers: signed({ 'webhook-timestamp': time, 'webhook-signature': sign(BODY, { at: time }) }) },
  ]),
  ['HMAC: no header', hmac(undefined)],
  ['HMAC: empty', hmac('')],
  ['HMAC: only the prefix', hmac('sha256=')],
  ['HMAC: no prefix', hmac(right)],
  ['HMAC: another prefix', hmac(`sha1=${right}`)],
  ['HMAC: an uppercase prefix', hmac(`SHA256=${right}`)],
  ['HMAC: truncated', hmac(`sha256=${right.slice(0, 32)}`)],
  ['HMAC: base64 instead of hex', hmac(`sha256=${createHmac('sha256', OURS.key).update(BODY).digest('base64')}`)],
  ['HMAC: hex instead of base64', hmac(`sha256=${right}`, { ...HMAC, encoding: 'base64' })],
  ['HMAC: SHA-1', hmac(`sha256=${createHmac('sha1', OURS.key).update(BODY).digest('hex')}`)],
  ['HMAC: another key', hmac(`sha256=${createHmac('sha256', 'other').update(BODY).digest('hex')}`)],
  ['HMAC: another body', { ...hmac(`sha256=${right}`), body: '{}' }],
  ['HMAC: under another header', { settings: { ...HMAC, header: 'x-other' }, headers: { 'x-signature-256': `sha256=${right}` } }],
  ['HMAC: twice in one header', hmac(`sha256=${right}, sha256=${right}`)],
  ['HMAC: no key', { ...hmac(`sha256=${right}`), keys: [] }],
];

test(`rejects each of ${refused.length} forged or stale requests with a message for the sender, without the expected signature`, () => {
  expect(refused.length).toBeGreaterThanOrEqual(100);
  for (const [what, vector] of refused) {
    const said = fault(vector);
    expect(said, what).toMatch(/doesn’t match the body|Missing header|five minutes off|is invalid|must /);
    expect(said, what).not.toContain(sign(BODY).slice(3));
  }
});

test.each([
  ['standard', `whsec_${Buffer.alloc(24, 7).toString('base64')}`, 24],
  ['standard', Buffer.alloc(32, 7).toString('base64').replace(/=+$/, ''), 32],
  ['hmac', 'whsec_taken as it is', 20],
] as const)('%s reads the secret %s', (scheme, secret, bytes) => {
  expect(signingKey(scheme, secret)).toHaveLength(bytes);
});

test.each(['whsec_', 'whsec_AAAA', 'whsec_not base64 at all!', 'whsec_****************'])('rejects the secret %s as a key of Standard Webhooks', (secret) => {
  expect(signingKey('standard', secret)).toBeUndefined();
});
