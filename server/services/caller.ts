import { SCOPES, type Scope } from '@switchyard/shared/contracts/scopes.ts';
import type { Actor } from '@switchyard/shared/run/actor.ts';

/** Who calls, for which workspace, and what they may do (S45). What a use case does is recorded under its caller. */
export interface Caller extends Actor {
  readonly workspaceId: string;
  readonly role: Role;
  /** The name that people see, for example on a decision. */
  readonly name: string;
}

export type Role = ReadonlySet<Scope>;

export const ALL_SCOPES: Role = new Set(SCOPES);
const RUN_ONLY: Role = new Set(['run']);
const REVIEW_ONLY: Role = new Set(['review']);

/** What is recorded about a caller. */
export const actorOf = ({ kind, id }: Actor): Actor => ({ kind, id });

/** The caller behind a webhook request. */
export const triggerCaller = (workspaceId: string, id: string): Caller => ({ kind: 'trigger', id, workspaceId, role: RUN_ONLY, name: id });

/** Work that the server does on its own. */
export const systemCaller = (workspaceId: string, id: string, name: string): Caller => ({ kind: 'system', id, workspaceId, role: RUN_ONLY, name });

/** A person with a review link who isn't signed in. */
export const reviewLinkCaller = (workspaceId: string, reviewId: string): Caller => ({
  kind: 'token',
  id: `link:${reviewId}`,
  workspaceId,
  role: REVIEW_ONLY,
  name: 'review link',
});

/** A person with another capability URL, which only allows reading. */
export const linkCaller = (workspaceId: string, id: string): Caller => ({ kind: 'token', id, workspaceId, role: new Set(), name: id });
