import type { Caller } from '../caller.ts';

/** A caller and how they were authenticated. */
export interface SignedIn {
  readonly caller: Caller;
  /** `nothing` on a server without a password. */
  readonly by: 'session' | 'token' | 'nothing';
  /** ID of the session or token. */
  readonly id: string;
  /** When the session expires unless it is used before. Null without one. */
  readonly expiresAt: string | null;
}

/** The credentials of a request. */
export interface Credentials {
  /** From the session cookie. */
  readonly session: string | undefined;
  /** From `Authorization: Bearer`. If present, only it counts. */
  readonly bearer: string | undefined;
}
