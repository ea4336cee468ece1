import type { IncomingHttpHeaders } from 'node:http';
import { SESSION_MS } from '../../services/sign-in/sessions.ts';
import type { Credentials } from '../../services/sign-in/signed-in.ts';

/* How requests carry a session or a token, and how a browser gets a session. */

export const SESSION_COOKIE = 'switchyard_session';

/** The credentials of a request. Other schemes of `Authorization` (of a proxy in front) are ignored. */
export function credentialsOf({ authorization = '', cookie = '' }: Pick<IncomingHttpHeaders, 'authorization' | 'cookie'>): Credentials {
  return { bearer: /^bearer +(\S*)\s*$/i.exec(authorization)?.[1], session: cookieNamed(cookie, SESSION_COOKIE) };
}

function cookieNamed(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const mark = pair.indexOf('=');
    if (mark > 0 && pair.slice(0, mark).trim() === name) return pair.slice(mark + 1).trim();
  }
  return undefined;
}

/** The header that sets a browser's session cookie, hidden from scripts and from other sites' forms. `secure`: the request came over HTTPS. */
export const sessionCookie = (token: string, secure: boolean): string => cookie(token, SESSION_MS / 1_000, secure);
/** The header that removes the session cookie. */
export const noSessionCookie = (secure: boolean): string => cookie('', 0, secure);

const cookie = (value: string, maxAgeSeconds: number, secure: boolean): string =>
  `${SESSION_COOKIE}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
