import type { Auth } from '@switchyard/shared/contracts/connections/auth.ts';
import { expect, it } from 'vitest';
import { authOf, METHOD_TEXTS, METHODS, methodOf, textsOf } from './auth-form.ts';

it.each<Auth>([
  { scheme: 'bearer' },
  { scheme: 'basic' },
  { scheme: 'header', header: 'x-api-key' },
  { scheme: 'query', parameter: 'key' },
  { scheme: 'path', prefix: 'bot' },
  { scheme: 'aws', accessKeyId: 'A', region: 'eu-central-1', service: 's3' },
  { scheme: 'certificate', authority: 'PEM' },
  { scheme: 'google-service-account', scopes: ['a', 'b'], subject: 'ada@nordlicht.example' },
  { scheme: 'oauth2', grant: 'client-credentials', tokenUrl: 'https://x.example/t', clientId: 'me', scopes: [] },
  {
    scheme: 'oauth2',
    grant: 'authorization-code',
    authorizeUrl: 'https://x.example/a',
    tokenUrl: 'https://x.example/t',
    clientId: 'me',
    scopes: ['read'],
    clientAuth: 'basic',
    parameters: { access_type: 'offline' },
  },
])('$scheme keeps everything through the form', (auth) => {
  expect(authOf(methodOf(auth), textsOf(auth), auth)).toEqual(auth);
});

it('describes every method', () => {
  for (const method of METHODS) expect(METHOD_TEXTS[method].secret.label).not.toBe('');
});
