import type { Auth } from '@switchyard/shared/contracts/connections/auth.ts';
import { DATABASE_NAMES, isDataKind } from '@switchyard/shared/contracts/connections/database.ts';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { formatAgo, formatDuration } from '../../ui/format.ts';

/* The state of a connection in words. Amber only when a person must act, red when runs wait or fail. */

export type Tone = 'good' | 'soon' | 'bad' | 'none';

export interface Shown {
  readonly tone: Tone;
  readonly text: string;
}

const SOON_MS = 14 * 86_400_000;

const SCHEMES: Readonly<Record<Auth['scheme'], string>> = {
  bearer: 'Bearer token',
  basic: 'Username and password',
  header: 'API key in header',
  query: 'API key in query',
  path: 'Token in path',
  aws: 'AWS signature',
  certificate: 'Client certificate',
  'google-service-account': 'Service account',
  oauth2: 'OAuth 2.0',
};

/** Its service, or its kind, for its icon. */
export const iconOf = ({ kind, service }: Pick<Connection, 'kind' | 'service'>): string | null => (isDataKind(kind) ? kind : (service ?? null));

export function authLabel({ kind, auth, hasSecret }: Pick<Connection, 'kind' | 'auth' | 'hasSecret'>): string {
  if (isDataKind(kind)) return `${DATABASE_NAMES[kind]}${hasSecret ? ', password' : ''}`;
  return auth?.scheme === 'oauth2' && auth.grant === 'client-credentials' ? 'Client credentials' : SCHEMES[auth?.scheme ?? 'bearer'];
}

const untilExpiry = ({ signIn, expiresAt }: Connection, now: number): number | undefined => {
  const at = signIn ? (signIn.renews ? null : signIn.expiresAt) : expiresAt;
  return at ? Date.parse(at) - now : undefined;
};

export function stateOf(connection: Connection, now: number): Shown {
  const { kind, signIn, hasSecret, health } = connection;
  if (signIn?.status === 'reconnect') return { tone: 'bad', text: 'Signed out' };
  if (signIn?.status === 'signed-out') return { tone: 'none', text: 'Not signed in' };
  if (isDataKind(kind) && !health) return { tone: 'none', text: 'Not tested' };
  if (!signIn && !hasSecret && !isDataKind(kind)) return { tone: 'none', text: 'No secret' };
  const left = untilExpiry(connection, now);
  if (left !== undefined && left <= 0) return { tone: 'bad', text: 'Expired' };
  if (left !== undefined && left < SOON_MS) return { tone: 'soon', text: 'Expires soon' };
  if (health && !health.ok) return { tone: 'bad', text: 'Unreachable' };
  return { tone: 'good', text: 'Connected' };
}

const dayFormat = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' });

export function expiryOf(connection: Connection, now: number): Shown {
  const { signIn, expiresAt } = connection;
  if (signIn?.status === 'reconnect') return { tone: 'bad', text: signIn.since ? formatAgo(new Date(signIn.since), new Date(now)) : '–' };
  if (signIn && signIn.status !== 'connected') return { tone: 'none', text: '–' };
  if (signIn?.renews && signIn.expiresAt) return { tone: 'none', text: `renews in ${inAbout(Date.parse(signIn.expiresAt) - now)}` };
  const left = untilExpiry(connection, now);
  if (left === undefined) return { tone: 'none', text: signIn ? 'does not expire' : 'unknown' };
  const day = dayFormat.format(new Date(signIn?.expiresAt ?? expiresAt ?? now));
  if (left <= 0) return { tone: 'bad', text: `on ${day}` };
  return { tone: left < SOON_MS ? 'soon' : 'none', text: `in ${inAbout(left)}, ${day}` };
}

/** The largest unit only. */
function inAbout(ms: number): string {
  const days = Math.floor(ms / 86_400_000);
  if (days >= 2) return `${days} days`;
  const hours = Math.floor(ms / 3_600_000);
  if (hours >= 2) return `${hours} h`;
  return formatDuration(Math.max(60_000, Math.floor(ms / 60_000) * 60_000));
}

/** “8 connections, 6 connected, 1 expires soon, 1 needs to be reconnected”. */
export function summaryOf(connections: readonly Connection[], now: number): Shown[] {
  const states = connections.map((connection) => stateOf(connection, now));
  const count = (tone: Tone) => states.filter((state) => state.tone === tone).length;
  const [good, soon, bad] = [count('good'), count('soon'), count('bad')];
  return [
    { tone: 'none', text: `${states.length} ${states.length === 1 ? 'connection' : 'connections'}` },
    { tone: 'none', text: `${good + soon} connected` },
    ...(soon > 0 ? [{ tone: 'soon' as const, text: `${soon} ${soon === 1 ? 'expires' : 'expire'} soon` }] : []),
    ...(bad > 0 ? [{ tone: 'bad' as const, text: `${bad} ${bad === 1 ? 'needs' : 'need'} attention` }] : []),
  ];
}
