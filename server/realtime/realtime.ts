import type { Server as HttpServer, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { toAppError } from '@switchyard/shared/errors.ts';
import type { ClientToServer, RunDelta, ServerToClient, WorkflowRun } from '@switchyard/shared/realtime/protocol.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { isEnded, type RunStatus } from '@switchyard/shared/run/state.ts';
import { Server } from 'socket.io';
import type { Caller } from '../services/sign-in/caller.ts';
import type { RunWatch } from './run-watch.ts';
import { INBOX, type RealtimeParts, runRoom, servePage, workflowRoom } from './serve-page.ts';

/*
 * Live data for pages. Owns: who watches what. Events come here after their commit and go to watchers in the order of their numbers;
 * whoever was away asks from the number it is at. Nothing here is needed for a run to go on.
 */

export interface Realtime {
  /** Committed events of a run, and the status it has after them. */
  publish(run: { readonly runId: string; readonly workflowId: string }, events: readonly JournalEvent[], status: RunStatus): void;
  delta(delta: RunDelta): void;
  inboxChanged(): void;
  /** Begins to answer sockets on this server. */
  attach(server: HttpServer, admit: Admit): void;
  /** Sends the pages away that were let in by this session or token. */
  sendAway(callerId: string): void;
  /** Sends every page away. */
  close(): void;
}

/** Answers whom a page comes from. Throws when it is not let in. */
export type Admit = (headers: IncomingHttpHeaders) => Promise<Caller>;

const MAX_MESSAGE_BYTES = 100_000;
const callerRoom = (id: string): string => `caller:${id}`;

export function createRealtime(parts: RealtimeParts): Realtime {
  const watches = new Map<string, Set<RunWatch>>();
  const statuses = new Map<string, RunStatus>();
  let io: Server<ClientToServer, ServerToClient> | undefined;

  const tellWorkflow = (change: WorkflowRun): void => {
    if (!io?.of('/').adapter.rooms.has(workflowRoom(change.workflowId)) || statuses.get(change.runId) === change.status) return;
    if (isEnded(change.status)) statuses.delete(change.runId);
    else statuses.set(change.runId, change.status);
    io.to(workflowRoom(change.workflowId)).emit('workflow:run', change);
  };

  return {
    publish: ({ runId, workflowId }, events, status) => {
      for (const watch of watches.get(runId) ?? []) watch.offer(events);
      tellWorkflow({ workflowId, runId, status });
    },
    delta: (delta) => {
      if (watches.has(delta.runId)) io?.to(runRoom(delta.runId)).emit('run:delta', delta);
    },
    inboxChanged: () => {
      io?.to(INBOX).emit('inbox:changed');
    },
    attach: (server, admit) => {
      const callers = new WeakMap<IncomingMessage, Caller>();
      io = new Server<ClientToServer, ServerToClient>(server, {
        serveClient: false,
        maxHttpBufferSize: MAX_MESSAGE_BYTES,
        allowRequest: (request, decide) => {
          admit(request.headers).then(
            (caller) => {
              callers.set(request, caller);
              decide(null, true);
            },
            (error: unknown) => decide(toAppError(error).code, false),
          );
        },
      });
      io.on('connection', (socket) => {
        const caller = callers.get(socket.request);
        if (caller) socket.join(callerRoom(caller.id));
        servePage(socket, watches, parts);
        // A session may have ended since the handshake began, when nobody knew of this socket yet.
        admit(socket.request.headers).catch(() => socket.disconnect(true));
      });
    },
    sendAway: (callerId) => io?.in(callerRoom(callerId)).disconnectSockets(true),
    close: () => {
      io?.disconnectSockets(true);
      io?.engine.close();
    },
  };
}
