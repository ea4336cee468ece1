import type { Actor } from '@switchyard/shared/run/events.ts';
import { DEFAULT_WORKSPACE } from '../../store/collections.ts';
import { OWNER } from '../context.ts';

/** Who is calling, and for which workspace: the one place where a request gets its workspace from. */
export interface Caller {
  readonly workspaceId: string;
  readonly actor: Actor;
  /** What let them in; `nothing` where nothing is asked for. */
  readonly by: 'session' | 'token' | 'nothing';
  /** Of the session or the token. */
  readonly id: string;
  /** When the session ends unless it is used before. */
  readonly expiresAt: string | null;
}

/** What a request brings to be let in by. */
export interface Credentials {
  /** Of the session's cookie. */
  readonly session: string | undefined;
  /** Of `Authorization: Bearer`. It counts alone where it is there. */
  readonly bearer: string | undefined;
}

/** Whoever reaches a server that asks for no password. */
export const ANYBODY: Caller = { workspaceId: DEFAULT_WORKSPACE, actor: OWNER, by: 'nothing', id: '', expiresAt: null };
