import type { Server as HttpServer, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { toAppError } from '@switchyard/shared/errors.ts';
import type { ClientToServer, RunDelta, RunFallback, ServerToClient, WorkflowChange, WorkflowRun } from '@switchyard/shared/realtime/protocol.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { isEnded, type RunStatus } from '@switchyard/shared/run/state.ts';
import { Server } from 'socket.io';
import type { SignedIn } from '../services/sign-in/signed-in.ts';
import type { RunWatch } from './run-watch.ts';
import { inboxRoom, type RealtimeParts, runRoom, servePage, workflowRoom } from './serve-page.ts';

/*
 * Live data for pages. Owns who watches what. Events arrive after their commit and are sent to watchers in order. A page that was
 * disconnected resumes from its last number. No run depends on anything here.
 */

export type Realtime = ReturnType<typeof createRealtime>;

/** Identifies the caller of a page. Throws if the page is not allowed. */
export type Admit = (headers: IncomingHttpHeaders) => Promise<SignedIn>;

interface RunPlace {
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly runId: string;
}

interface Committed {
  /** Called only if a page watches the run. */
  readonly events: () => readonly JournalEvent[];
  readonly head: number;
  readonly status: RunStatus;
}

const MAX_MESSAGE_BYTES = 100_000;
/** Prefix of the ID of the session or token that authenticated a page. */
const CREDENTIAL = 'credential:';
const credentialRoom = (id: string): string => `${CREDENTIAL}${id}`;
const credentialOf = (rooms: ReadonlySet<string>): string => [...rooms].find((room) => room.startsWith(CREDENTIAL)) ?? '';

export function createRealtime(parts: RealtimeParts) {
  const watches = new Map<string, Set<RunWatch>>();
  const statuses = new Map<string, RunStatus>();
  let io: Server<ClientToServer, ServerToClient> | undefined;

  const tellWorkflow = (workspaceId: string, change: WorkflowRun): void => {
    const room = workflowRoom(workspaceId, change.workflowId);
    if (!io?.of('/').adapter.rooms.has(room) || statuses.get(change.runId) === change.status) return;
    if (isEnded(change.status)) statuses.delete(change.runId);
    else statuses.set(change.runId, change.status);
    io.to(room).emit('workflow:run', change);
  };

  return {
    /** Committed events of a run up to `head`, and its status after them. Events that are missing are read. */
    publish: ({ workspaceId, workflowId, runId }: RunPlace, { events, head, status }: Committed): void => {
      for (const watch of watches.get(runRoom(workspaceId, runId)) ?? []) watch.offer(events(), head);
      tellWorkflow(workspaceId, { workflowId, runId, status });
    },
    /** Reads what was committed in all watched runs, in case it was not announced. */
    look: (): void => {
      for (const watch of [...watches.values()].flatMap((all) => [...all])) watch.look();
    },
    delta: (workspaceId: string, delta: RunDelta): void => {
      const room = runRoom(workspaceId, delta.runId);
      if (watches.has(room)) io?.to(room).emit('run:delta', delta);
    },
    /** The text that a call streamed so far must be discarded (S59). */
    restart: (workspaceId: string, { runId, stepId, callId }: RunDelta): void => {
      const room = runRoom(workspaceId, runId);
      if (watches.has(room)) io?.to(room).emit('run:restart', { runId, stepId, callId });
    },
    /** A call in progress tries the next target of its route. */
    fallback: (workspaceId: string, fallback: RunFallback): void => {
      const room = runRoom(workspaceId, fallback.runId);
      if (watches.has(room)) io?.to(room).emit('run:fallback', fallback);
    },
    draftSaved: (workspaceId: string, change: WorkflowChange): void => {
      io?.to(workflowRoom(workspaceId, change.workflowId)).emit('workflow:changed', change);
    },
    inboxChanged: (workspaceId: string): void => {
      io?.to(inboxRoom(workspaceId)).emit('inbox:changed');
    },
    /** Starts serving sockets on this server. */
    attach: (server: HttpServer, admit: Admit): void => {
      const admitted = new WeakMap<IncomingMessage, SignedIn>();
      io = new Server<ClientToServer, ServerToClient>(server, {
        serveClient: false,
        maxHttpBufferSize: MAX_MESSAGE_BYTES,
        allowRequest: (request, decide) => {
          admit(request.headers).then(
            (signedIn) => {
              admitted.set(request, signedIn);
              decide(null, true);
            },
            (error: unknown) => decide(toAppError(error).code, false),
          );
        },
      });
      io.on('connection', (socket) => {
        const signedIn = admitted.get(socket.request);
        if (!signedIn) {
          socket.disconnect(true);
          return;
        }
        socket.join(credentialRoom(signedIn.id));
        servePage(socket, signedIn.caller.workspaceId, watches, parts);
        // The session may have ended during the handshake, before this socket joined a room.
        admit(socket.request.headers).catch(() => socket.disconnect(true));
      });
    },
    missed: (): void => {
      io?.emit('missed');
    },
    /** Disconnects the pages of sessions and tokens that have ended, in case that was not announced. */
    checkCredentials: (admit: Admit): Promise<void> => (io ? checkCredentials(io, admit) : Promise.resolve()),
    /** Disconnects the pages of this session or token. */
    sendAway: (credentialId: string): void => {
      io?.in(credentialRoom(credentialId)).disconnectSockets(true);
    },
    /** Disconnects every page. */
    close: (): void => {
      io?.disconnectSockets(true);
      io?.engine.close();
    },
  };
}

async function checkCredentials(io: Server, admit: Admit): Promise<void> {
  const byCredential = new Map([...io.sockets.sockets.values()].map((socket) => [credentialOf(socket.rooms), socket]));
  for (const [room, socket] of byCredential) {
    const hasEnded = await admit(socket.request.headers).then(
      () => false,
      (error) => toAppError(error).code === 'unauthorized',
    );
    if (hasEnded) io.in(room).disconnectSockets(true);
  }
}
