import { toAppError } from '@switchyard/shared/errors.ts';
import type { ClientToServer, ServerToClient, WatchAck } from '@switchyard/shared/realtime/protocol.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import type { Socket } from 'socket.io';
import type { Log } from '../log.ts';
import { runRequest, runWatchRequest, workflowRequest } from './requests.ts';
import { type RunWatch, watchRun } from './run-watch.ts';

export interface RealtimeParts {
  /** Reads events of a run from a number on. Throws `not-found` if the run doesn't exist. */
  readonly readEvents: (workspaceId: string, runId: string, from: number, limit: number) => Promise<JournalEvent[]>;
  readonly log: Log;
}

const MOST_WATCHES = 100;
/* Rooms are per workspace: a page only hears about its own. */
export const inboxRoom = (workspaceId: string): string => `inbox:${workspaceId}`;
export const workflowRoom = (workspaceId: string, id: string): string => `workflow:${workspaceId}/${id}`;
export const runRoom = (workspaceId: string, id: string): string => `run:${workspaceId}/${id}`;

/** Who watches a run, by its room. */
export type Watches = Map<string, Set<RunWatch>>;
type PageSocket = Socket<ClientToServer, ServerToClient>;

/** Serves one connected page of a workspace until it disconnects. */
export function servePage(socket: PageSocket, workspaceId: string, watches: Watches, parts: RealtimeParts): void {
  const runs = createRunWatches(socket, workspaceId, watches, parts);
  socket.on('run:watch', (request, ack) => {
    runs.watch(request).then((answer) => {
      if (typeof ack === 'function') ack(answer);
    });
  });
  socket.on('run:unwatch', (request) => {
    const read = runRequest.safeParse(request);
    if (read.success) runs.unwatch(read.data.runId);
  });
  socket.on('workflow:watch', (request, ack) => {
    const read = workflowRequest.safeParse(request);
    const fits = read.success && socket.rooms.size < 3 * MOST_WATCHES;
    if (fits) socket.join(workflowRoom(workspaceId, read.data.workflowId));
    if (typeof ack === 'function') ack(fits ? { ok: true } : { error: read.success ? 'overloaded' : 'bad-request' });
  });
  socket.on('workflow:unwatch', (request) => {
    const read = workflowRequest.safeParse(request);
    if (read.success) socket.leave(workflowRoom(workspaceId, read.data.workflowId));
  });
  socket.on('inbox:watch', (ack) => {
    socket.join(inboxRoom(workspaceId));
    if (typeof ack === 'function') ack({ ok: true });
  });
  socket.on('inbox:unwatch', () => socket.leave(inboxRoom(workspaceId)));
  socket.on('disconnect', () => runs.unwatchAll());
}

interface RunWatches {
  /** Never rejects. */
  watch(request: unknown): Promise<WatchAck>;
  unwatch(runId: string): void;
  unwatchAll(): void;
}

/** The runs that one page watches. */
function createRunWatches(socket: PageSocket, workspaceId: string, watches: Watches, { readEvents, log }: RealtimeParts): RunWatches {
  const own = new Map<string, RunWatch>();

  const unwatch = (runId: string): void => {
    const watch = own.get(runId);
    if (!watch) return;
    watch.stop();
    own.delete(runId);
    const room = runRoom(workspaceId, runId);
    const all = watches.get(room);
    all?.delete(watch);
    if (all?.size === 0) watches.delete(room);
    socket.leave(room);
  };

  const watch = async (request: unknown): Promise<WatchAck> => {
    const read = runWatchRequest.safeParse(request);
    if (!read.success) return { error: 'bad-request' };
    const { runId, fromSeq, brief } = read.data;
    unwatch(runId);
    if (own.size >= MOST_WATCHES) return { error: 'overloaded' };
    const started = watchRun({
      runId,
      fromSeq,
      brief,
      read: (from, limit) => readEvents(workspaceId, runId, from, limit),
      send: (batch) => socket.emit('run:events', batch),
      failed: (error) => {
        log.warn({ runId, code: toAppError(error).code }, 'Reading events for a page failed');
        if (own.get(runId) === started.watch) unwatch(runId);
      },
    });
    own.set(runId, started.watch);
    const room = runRoom(workspaceId, runId);
    watches.set(room, (watches.get(room) ?? new Set()).add(started.watch));
    socket.join(room);
    try {
      return { ok: true, head: await started.caughtUp };
    } catch (error) {
      if (own.get(runId) === started.watch) unwatch(runId);
      return { error: toAppError(error).code };
    }
  };

  return {
    watch,
    unwatch,
    unwatchAll: () => {
      for (const runId of [...own.keys()]) unwatch(runId);
    },
  };
}
