import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { expect, it } from 'vitest';
import { authLabel, expiryOf, stateOf, summaryOf } from './connection-labels.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const later = (ms: number) => new Date(NOW + ms).toISOString();
const DAY = 86_400_000;
const oauth = { scheme: 'oauth2', grant: 'authorization-code', tokenUrl: 'https://x.example', clientId: 'x', scopes: [] } as const;
const base = { id: 'con_1', name: 'Mail', kind: 'http', baseUrl: null, hasSecret: true, auth: { scheme: 'bearer' }, health: null } as unknown as Connection;
const signedIn = (changes: Partial<NonNullable<Connection['signIn']>>): Connection => ({
  ...base,
  auth: { ...oauth, scopes: [] },
  signIn: { status: 'connected', since: later(-DAY), reason: null, expiresAt: null, renews: true, scopes: null, ...changes },
});

it.each([
  [base, 'good', 'Connected', 'unknown'],
  [{ ...base, hasSecret: false }, 'none', 'No secret', 'unknown'],
  [{ ...base, expiresAt: later(5 * DAY) }, 'soon', 'Expires soon', 'in 5 days, Dec 4'],
  [{ ...base, expiresAt: later(40 * DAY) }, 'good', 'Connected', 'in 40 days, Jan 8'],
  [{ ...base, expiresAt: later(-DAY) }, 'bad', 'Expired', 'on Nov 28'],
  [signedIn({ expiresAt: later(42 * 60_000) }), 'good', 'Connected', 'renews in 42 min'],
  [signedIn({ renews: false }), 'good', 'Connected', 'does not expire'],
  [signedIn({ renews: false, expiresAt: later(3 * DAY) }), 'soon', 'Expires soon', 'in 3 days, Dec 2'],
  [signedIn({ status: 'reconnect', since: later(-14 * 60_000) }), 'bad', 'Signed out', '14 min ago'],
  [signedIn({ status: 'signed-out', since: null }), 'none', 'Not signed in', '–'],
] as const)('%#: says what state it is in, and when that changes', (connection, tone, state, expiry) => {
  expect(stateOf(connection, NOW)).toEqual({ tone, text: state });
  expect(expiryOf(connection, NOW).text).toBe(expiry);
});

it('sums up', () => {
  const all = [base, { ...base, expiresAt: later(DAY) }, signedIn({ status: 'reconnect' })];
  expect(summaryOf(all, NOW).map(({ text }) => text)).toEqual(['3 connections', '2 connected', '1 expires soon', '1 needs attention']);
});

it('names the authentication', () => {
  expect(
    [null, { ...oauth, scopes: [] }, { ...oauth, scopes: [], grant: 'client-credentials' as const }].map((auth) =>
      authLabel({ kind: 'http', auth, hasSecret: true }),
    ),
  ).toEqual(['Bearer token', 'OAuth 2.0', 'Client credentials']);
});
