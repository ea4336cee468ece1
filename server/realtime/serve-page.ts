import { toAppError } from '@switchyard/shared/errors.ts';
import type { ClientToServer, ServerToClient, WatchAck } from '@switchyard/shared/realtime/protocol.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import type { Socket } from 'socket.io';
import type { Log } from '../log.ts';
import { runRequest, runWatchRequest, workflowRequest } from './requests.ts';
import { type RunWatch, watchRun } from './run-watch.ts';

export interface RealtimeParts {
  /** Reads events of a run from a number on. Throws `not-found` when there is no such run. */
  readonly readEvents: (runId: string, from: number, limit: number) => Promise<JournalEvent[]>;
  readonly log: Log;
}

const MOST_WATCHES = 100;
export const INBOX = 'inbox';
export const workflowRoom = (id: string): string => `workflow:${id}`;
export const runRoom = (id: string): string => `run:${id}`;

/** Who watches a run, by the run's id. */
export type Watches = Map<string, Set<RunWatch>>;
type PageSocket = Socket<ClientToServer, ServerToClient>;

/** Answers one connected page until it goes away. */
export function servePage(socket: PageSocket, watches: Watches, parts: RealtimeParts): void {
  const runs = createRunWatches(socket, watches, parts);
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
    if (fits) socket.join(workflowRoom(read.data.workflowId));
    if (typeof ack === 'function') ack(fits ? { ok: true } : { error: read.success ? 'overloaded' : 'bad-request' });
  });
  socket.on('workflow:unwatch', (request) => {
    const read = workflowRequest.safeParse(request);
    if (read.success) socket.leave(workflowRoom(read.data.workflowId));
  });
  socket.on('inbox:watch', (ack) => {
    socket.join(INBOX);
    if (typeof ack === 'function') ack({ ok: true });
  });
  socket.on('inbox:unwatch', () => socket.leave(INBOX));
  socket.on('disconnect', () => runs.unwatchAll());
}

interface RunWatches {
  /** Never rejects. */
  watch(request: unknown): Promise<WatchAck>;
  unwatch(runId: string): void;
  unwatchAll(): void;
}

/** The runs that one page watches. */
function createRunWatches(socket: PageSocket, watches: Watches, { readEvents, log }: RealtimeParts): RunWatches {
  const own = new Map<string, RunWatch>();

  const unwatch = (runId: string): void => {
    const watch = own.get(runId);
    if (!watch) return;
    watch.stop();
    own.delete(runId);
    const all = watches.get(runId);
    all?.delete(watch);
    if (all?.size === 0) watches.delete(runId);
    socket.leave(runRoom(runId));
  };

  const watch = async (request: unknown): Promise<WatchAck> => {
    const read = runWatchRequest.safeParse(request);
    if (!read.success) return { error: 'bad-request' };
    const { runId, fromSeq } = read.data;
    unwatch(runId);
    if (own.size >= MOST_WATCHES) return { error: 'overloaded' };
    const started = watchRun({
      runId,
      fromSeq,
      read: (from, limit) => readEvents(runId, from, limit),
      send: (batch) => socket.emit('run:events', batch),
      failed: (error) => {
        log.warn({ runId, code: toAppError(error).code }, 'events of a run could not be read for a page');
        if (own.get(runId) === started.watch) unwatch(runId);
      },
    });
    own.set(runId, started.watch);
    watches.set(runId, (watches.get(runId) ?? new Set()).add(started.watch));
    socket.join(runRoom(runId));
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
