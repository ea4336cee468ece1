import { type Bus, POLL_MS } from '../../../engine/bus.ts';
import { findAll } from '../../../store/find-all.ts';
import type { Store, WorkspaceStore } from '../../../store/port.ts';
import { type TriggerRecord, triggers } from '../../../store/triggers/trigger-collections.ts';
import type { Workspaces } from '../../../store/workspaces.ts';
import { latest } from '../../latest.ts';

/*
 * Which workflows are watched by triggers that fire when a run ends, in memory, so that a run that nothing watches costs nothing. Read again after
 * each change in this process, on each message of the bus, and every 5 s.
 */

/** The kinds that fire when a run ends. */
const WATCHING = ['workflow-ended', 'error'] as const;

interface EndedRun {
  readonly workspaceId: string;
  readonly workflowId: string;
  /** Runs of the draft are not watched. */
  readonly version?: 'draft' | number;
  /** Its caller is told of its end. */
  readonly notifies?: boolean | undefined;
  /** Set for replays and runs of experiments: nothing is told of them. */
  readonly standIns?: unknown;
  /** The shadow that runs on its input, too (S83). */
  readonly shadow?: string | undefined;
}

export interface WatchBoard {
  /** Whether the end of a run may fire a trigger. */
  isWatched(run: EndedRun): boolean;
  refresh(): Promise<void>;
  /** Resolves after the first read. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface WatchBoardParts {
  readonly stores: Store;
  readonly workspaces: Workspaces;
  readonly bus: Bus;
  readonly report: (problem: string, error: unknown) => void;
}

export function createWatchBoard({ stores, workspaces, bus, report }: WatchBoardParts): WatchBoard {
  /** By workspace: the watched workflows. Null: all. */
  let watched: ReadonlyMap<string, ReadonlySet<string | null>> = new Map();
  const refresh = latest(async () => {
    const read = async (id: string) => [id, new Set((await watchersIn(stores.in(id))).map(watchedWorkflow))] as const;
    watched = new Map(await Promise.all((await workspaces()).map(read)));
  });
  const readInBackground = (): void => void refresh().catch((error) => report('Reading triggers failed; retrying', error));
  let stop = (): void => {};
  return {
    isWatched: ({ workspaceId, workflowId, version, standIns }) => {
      const here = watched.get(workspaceId);
      return version !== 'draft' && standIns === undefined && here !== undefined && (here.has(null) || here.has(workflowId));
    },
    refresh,
    start: async () => {
      const unsubscribe = bus.subscribe((message) => {
        if (message.kind === 'missed' || (message.kind === 'invalidate' && message.what === 'triggers')) readInBackground();
      });
      const timer = setInterval(readInBackground, POLL_MS.caches).unref();
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

/** The enabled triggers that fire when a run ends. */
export const watchersIn = async (store: Pick<WorkspaceStore, 'find'>): Promise<TriggerRecord[]> =>
  (await findAll(store, triggers, { where: { kind: WATCHING } })).filter(({ enabled }) => enabled);

/** The workflow whose runs a trigger watches. Null: all. */
export const watchedWorkflow = ({ settings }: TriggerRecord): string | null => (typeof settings.workflowId === 'string' ? settings.workflowId : null);

/** The summary of a run. If the run has ended, with marks until triggers have fired, a call to its completion URL is due, and its shadow has run. */
export const withEndMark = <T extends { readonly endedAt: string | null }>(watched: Pick<WatchBoard, 'isWatched'>, run: EndedRun, summary: T): T => ({
  ...summary,
  ...(summary.endedAt !== null && watched.isWatched(run) && { endedUnseen: summary.endedAt }),
  ...(summary.endedAt !== null && run.notifies && { endUntold: summary.endedAt }),
  ...(summary.endedAt !== null && run.shadow !== undefined && { shadowDue: summary.endedAt }),
});
