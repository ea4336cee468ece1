import { expect, test } from 'vitest';
import { credentialsOf, noSessionCookie, sessionCookie } from './credentials.ts';

test.each([
  [{}, { bearer: undefined, session: undefined }],
  [{ cookie: 'a=1; switchyard_session=abc; b=2' }, { bearer: undefined, session: 'abc' }],
  [{ cookie: 'xswitchyard_session=abc; switchyard_session_2=d' }, { bearer: undefined, session: undefined }],
  [{ authorization: 'Bearer swy_1' }, { bearer: 'swy_1', session: undefined }],
  [
    { authorization: 'bearer  swy_1 ', cookie: 'switchyard_session=abc' },
    { bearer: 'swy_1', session: 'abc' },
  ],
  [
    { authorization: 'Basic dXNlcjpwYXNz', cookie: 'switchyard_session=abc' },
    { bearer: undefined, session: 'abc' },
  ],
])('reads %j as %j', (headers, credentials) => {
  expect(credentialsOf(headers)).toEqual(credentials);
});

test('hides the cookie from scripts and other sites, and sends it only over TLS behind TLS', () => {
  expect(sessionCookie('abc', false)).toBe('switchyard_session=abc; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax');
  expect(sessionCookie('abc', true)).toMatch(/; Secure$/);
  expect(noSessionCookie(false)).toMatch(/^switchyard_session=; Path=\/; Max-Age=0;/);
});
