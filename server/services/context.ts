import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import type { Actor } from '@switchyard/shared/run/events.ts';
import type { Engine } from '../engine/engine-api.ts';
import type { Payloads } from '../store/payloads.ts';
import type { WorkspaceStore } from '../store/port.ts';
import type { HookTargets } from './webhooks/hook-targets.ts';
import type { BodyHold } from './webhooks/overload.ts';

/** What every use case may touch. One per workspace. */
export interface ServiceContext {
  readonly workspaceId: string;
  readonly store: WorkspaceStore;
  readonly payloads: Payloads;
  readonly engine: Engine;
  readonly catalog: NodeCatalog;
  readonly targets: HookTargets;
  readonly now: () => Date;
  /** Counts the bytes of bodies that are being worked on. */
  readonly holdBody: () => BodyHold;
  /** What links begin with, without a slash at the end. */
  readonly address: () => string;
  readonly changed: Changes;
}

/** Who must be told of what a use case has done. */
export interface Changes {
  inbox(): void;
}

/** Whoever sits at the page or holds the address: the one person of a local installation. */
export const OWNER: Actor = { kind: 'owner' };

export const timestamp = (context: Pick<ServiceContext, 'now'>): string => context.now().toISOString();
