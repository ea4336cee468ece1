import type { Caller } from '../caller.ts';

/** A caller and what let them in. */
export interface SignedIn {
  readonly caller: Caller;
  /** `nothing` on a server without a password. */
  readonly by: 'session' | 'token' | 'nothing';
  /** ID of the session or token. */
  readonly id: string;
  /** When the session ends unless it is used before; null without one. */
  readonly expiresAt: string | null;
}

/** What a request brings. */
export interface Credentials {
  /** From the session cookie. */
  readonly session: string | undefined;
  /** From `Authorization: Bearer`. When present, only it counts. */
  readonly bearer: string | undefined;
}
