import type { QueueContent } from '@switchyard/shared/contracts/controls/queue.ts';
import type { Bus } from '../../engine/bus.ts';
import { findAll } from '../../store/find-all.ts';
import type { Store } from '../../store/port.ts';
import { queueSettings } from '../../store/queue-collections.ts';
import type { Workspaces } from '../../store/workspaces.ts';
import { latest } from '../latest.ts';
import { createQueueRoom, type QueueRoom } from './queue-room.ts';

/*
 * The limits and priorities of workflows, in memory (S46), so that a workflow without a limit costs nothing. Read again after each change in
 * this process, on each message of the bus, and every 5 s.
 */

const READ_EVERY_MS = 5_000;

export const NO_LIMITS: QueueContent = { concurrency: null, priority: 'normal', queueLimit: null };

interface WorkflowPlace {
  readonly workspaceId: string;
  readonly workflowId: string;
}

export interface QueueBoard {
  readonly room: QueueRoom;
  limitsOf(workflow: WorkflowPlace): QueueContent;
  /** The workflows of a workspace that have settings. */
  workflowsOf(workspaceId: string): readonly string[];
  refresh(): Promise<void>;
  /** Calls the listener when limits or priorities have changed. */
  onChange(listener: () => void): void;
  /** Reads them every 5 s. Resolves after the first read. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface QueueBoardParts {
  readonly stores: Store;
  readonly workspaces: Workspaces;
  readonly bus: Bus;
  readonly elapsed: () => number;
  readonly report: (problem: string, error: unknown) => void;
}

export function createQueueBoard({ stores, workspaces, bus, elapsed, report }: QueueBoardParts): QueueBoard {
  let known: ReadonlyMap<string, ReadonlyMap<string, QueueContent>> = new Map();
  let shown = '';
  const listeners: (() => void)[] = [];

  const read = async (): Promise<void> => {
    const found = await Promise.all((await workspaces()).map(async (id) => [id, await findAll(stores.in(id), queueSettings)] as const));
    known = new Map(found.map(([id, records]) => [id, new Map(records.map((record) => [record.id, record]))]));
    const before = shown;
    shown = JSON.stringify(found.map(([id, records]) => [id, records.map((record) => [record.id, record.revision])]));
    if (shown !== before) for (const listener of listeners) listener();
  };
  const refresh = latest(read);
  const readInBackground = (): void => void refresh().catch((error) => report('Reading limits of workflows failed; retrying', error));
  let stop = (): void => {};

  return {
    room: createQueueRoom(elapsed),
    limitsOf: ({ workspaceId, workflowId }) => known.get(workspaceId)?.get(workflowId) ?? NO_LIMITS,
    workflowsOf: (workspaceId) => [...(known.get(workspaceId)?.keys() ?? [])],
    refresh,
    onChange: (listener) => void listeners.push(listener),
    start: async () => {
      const unsubscribe = bus.subscribe((message) => {
        if (message.kind === 'missed' || (message.kind === 'invalidate' && message.what === 'queue')) readInBackground();
      });
      const timer = setInterval(readInBackground, READ_EVERY_MS);
      timer.unref();
      stop = () => {
        unsubscribe();
        clearInterval(timer);
      };
      await refresh();
    },
    stop: async () => {
      stop();
      await refresh().catch(() => {});
    },
  };
}
