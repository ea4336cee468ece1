import { expect, test } from 'vitest';
import { leftOut } from './left-out.ts';
import { namesSecret, withoutSecretTexts } from './secret-texts.ts';

test.each(['Authorization', 'Cookie', 'X-Api-Key', 'apiKey', 'api_key', 'token', 'accessToken', 'stripe_secret', 'password', 'db.password', 'clientSecret'])(
  '%s names a secret',
  (name) => expect(namesSecret(name)).toBe(true),
);

test.each(['maxTokens', 'token_count', 'tokens', 'key', 'author', 'secretary', 'passwordless', 'cookies accepted', 'connectionId', 'message'])(
  '%s does not name a secret',
  (name) => expect(namesSecret(name)).toBe(false),
);

test.each([
  ['an OpenAI key', 'use sk-proj-abcdefghijklmnop1234 here', `use ${leftOut('API key')} here`],
  ['a bearer token', 'Bearer abcdefghijklmnop', `Bearer ${leftOut('access token')}`],
  ['a password in a URL', 'https://ada:hunter2@db.example/x', `https://ada:${leftOut('password')}@db.example/x`],
  ['a key in a query', 'https://a.example/x?q=1&api_key=abc123&z=2', `https://a.example/x?q=1&api_key=${leftOut('secret in a URL')}&z=2`],
  ['our own webhook', 'http://127.0.0.1:4310/hooks/test/AbCdEfGhIjKlMnOpQrStUv', `http://127.0.0.1:4310/hooks/test/${leftOut('webhook URL')}`],
  ['a review link', 'https://flow.example/r/AbCdEfGhIjKlMnOpQrStUv?x=1', `https://flow.example/r/${leftOut('link')}?x=1`],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----', leftOut('private key')],
  ['a JSON Web Token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc', leftOut('access token')],
])('%s is removed from a text, and the rest stays', (_what, text, clean) => {
  expect(withoutSecretTexts(text)).toBe(clean);
  expect(withoutSecretTexts(clean)).toBe(clean);
});

test.each([
  'Bearer {{ steps.login.body.token }}',
  'https://a.example/x?token={{ input.token }}',
  'a risk-free desk-bound task',
  'mailto:ada@example.com',
  '/hooks/live',
])('%s stays unchanged', (text) => expect(withoutSecretTexts(text)).toBe(text));

test.each([
  ['prefixes of tokens', 'eyJaaaaa-'],
  ['prefixes of two-part tokens', 'eyJaaaaaaaaa.'],
  ['passwords in URLs', '://a:'],
  ['words before whitespace', 'Bearer '],
  ['private keys', '-----BEGIN PRIVATE KEY'],
  ['ends of private keys', '-----BEGIN PRIVATE KEY----------END A '],
  ['queries', '?key='],
  ['dashes of keys', 'sk-'],
])('a long text of %s takes linear time', (_what, piece) => {
  expect(withoutSecretTexts(piece.repeat(400_000 / piece.length)).length).toBeGreaterThan(0);
});

test('a token after the prefix of another one is removed', () => {
  expect(withoutSecretTexts('x eyJaaaaaaaaaaa-eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc y')).toBe(`x ${leftOut('access token')} y`);
  expect(withoutSecretTexts('eyJaaaaaaaaaaa.eyJbbbbbbbbbb stays')).toBe('eyJaaaaaaaaaaa.eyJbbbbbbbbbb stays');
});
