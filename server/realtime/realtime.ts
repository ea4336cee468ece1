import type { Server as HttpServer } from 'node:http';
import { toAppError } from '@switchyard/shared/errors.ts';
import type { ClientToServer, RunDelta, ServerToClient, WorkflowRun } from '@switchyard/shared/realtime/protocol.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { isEnded, type RunStatus } from '@switchyard/shared/run/state.ts';
import { Server } from 'socket.io';
import type { AllowedHosts } from '../http/allowed-hosts.ts';
import type { Log } from '../log.ts';
import type { RunWatch } from './run-watch.ts';
import { INBOX, runRoom, servePage, workflowRoom } from './serve-page.ts';

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
  attach(server: HttpServer, hosts: AllowedHosts): void;
  /** Sends every page away. */
  close(): void;
}

export interface RealtimeParts {
  /** Reads events of a run from a number on. Throws `not-found` when there is no such run. */
  readonly readEvents: (runId: string, from: number, limit: number) => Promise<JournalEvent[]>;
  readonly log: Log;
}

const MAX_MESSAGE_BYTES = 100_000;

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
      if (watches.has(delta.runId)) io?.to(runRoom(delta.runId)).volatile.emit('run:delta', delta);
    },
    inboxChanged: () => {
      io?.to(INBOX).emit('inbox:changed');
    },
    attach: (server, hosts) => {
      io = new Server<ClientToServer, ServerToClient>(server, {
        serveClient: false,
        maxHttpBufferSize: MAX_MESSAGE_BYTES,
        allowRequest: (request, decide) => decide(refusal(hosts, request.headers), isOurs(hosts, request.headers)),
      });
      io.on('connection', (socket) => servePage(socket, watches, parts));
    },
    close: () => {
      io?.disconnectSockets(true);
      io?.engine.close();
    },
  };
}

function isOurs(hosts: AllowedHosts, headers: Parameters<AllowedHosts['checkHost']>[0]): boolean {
  return refusal(hosts, headers) === undefined;
}

function refusal(hosts: AllowedHosts, headers: Parameters<AllowedHosts['checkHost']>[0]): string | undefined {
  try {
    hosts.checkHost(headers);
    hosts.checkOrigin(headers);
    return undefined;
  } catch (error) {
    return toAppError(error).code;
  }
}
