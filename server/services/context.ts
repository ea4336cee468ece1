import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import { isoTime } from '@switchyard/shared/iso-time.ts';
import type { Engine } from '../engine/engine-api.ts';
import type { ProcessRecord } from '../store/collections.ts';
import type { Payloads } from '../store/payloads.ts';
import type { Store, WorkspaceStore } from '../store/port.ts';
import type { Caller } from './caller.ts';
import type { KillBoard } from './kill-switches/kill-board.ts';
import type { PolicyLibrary } from './policies/policy-library.ts';
import type { QueueBoard } from './queue/queue-board.ts';
import type { WatchBoard } from './triggers/ended/watch-board.ts';
import type { HookTargets } from './webhooks/hook-targets.ts';
import type { BodyHold } from './webhooks/overload.ts';

/** What use cases share across workspaces. One per process. */
export interface Installation {
  readonly stores: Store;
  readonly payloads: Payloads;
  readonly engine: Engine;
  readonly catalog: NodeCatalog;
  readonly targets: HookTargets;
  readonly kills: KillBoard;
  readonly policies: PolicyLibrary;
  readonly queues: QueueBoard;
  readonly watched: WatchBoard;
  /** The live processes, if several work together. */
  readonly processes: () => readonly ProcessRecord[] | undefined;
  readonly now: () => Date;
  /** Counts the bytes of bodies in memory. */
  readonly holdBody: () => BodyHold;
  /** The base of links, without a slash at the end. */
  readonly address: () => string;
  readonly changed: Changes;
}

/** The installation for one caller: in the caller's workspace, under the caller's name. */
export interface ServiceContext extends Installation {
  readonly workspaceId: string;
  readonly store: WorkspaceStore;
  readonly caller: Caller;
}

/** Notifies pages of changes. */
export interface Changes {
  inbox(workspaceId: string): void;
  /** Prompts of the registry. */
  prompts(workspaceId: string): void;
  budgets(workspaceId: string): void;
  prices(workspaceId: string): void;
  killSwitches(workspaceId: string): void;
  /** Runs held since a restore were released. */
  heldRuns(workspaceId: string): void;
  /** Limits or priorities of workflows. */
  queue(workspaceId: string): void;
  triggers(workspaceId: string): void;
  /** Experiments were created, continued, or canceled. */
  experiments(workspaceId: string): void;
  draft(workspaceId: string, draft: { workflowId: string; draftRevision: number }): void;
}

/** Returns the context for a caller. */
export const contextFor = (installation: Installation, caller: Caller): ServiceContext => ({
  ...installation,
  workspaceId: caller.workspaceId,
  store: installation.stores.in(caller.workspaceId),
  caller,
});

export const timestamp = (context: Pick<Installation, 'now'>): string => isoTime(context.now().getTime());
