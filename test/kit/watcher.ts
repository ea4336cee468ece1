import type { ClientToServer, RunDelta, ServerToClient, WatchAck } from '@switchyard/shared/realtime/protocol.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { emptyRun, fold } from '@switchyard/shared/run/fold.ts';
import type { RunState } from '@switchyard/shared/run/state.ts';
import { io, type Socket } from 'socket.io-client';

export type PageSocket = Socket<ServerToClient, ClientToServer>;

/** A socket like the page's; rejects if the server rejects it. */
export function connectPage(base: string, headers: Record<string, string> = {}): Promise<PageSocket> {
  const socket: PageSocket = io(base, { transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders: headers });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', (error) => {
      socket.close();
      reject(error);
    });
  });
}

export const watch = (socket: PageSocket, runId: string, fromSeq: number): Promise<WatchAck> => socket.emitWithAck('run:watch', { runId, fromSeq });

export interface Watcher extends AsyncDisposable {
  readonly state: RunState;
  /** Every event in the order of arrival, over all connections. */
  readonly events: readonly JournalEvent[];
  readonly deltas: readonly RunDelta[];
  /** Disconnects without notice, then reconnects from the first missing event. */
  cutOff(): Promise<void>;
}

/** Watches a run like the page: folds its events. */
export async function watchRun(base: string, runId: string): Promise<Watcher> {
  const state = emptyRun();
  const events: JournalEvent[] = [];
  const deltas: RunDelta[] = [];
  let socket: PageSocket;
  const come = async (): Promise<void> => {
    const mine = await connectPage(base);
    socket = mine;
    mine.on('run:events', (batch) => {
      // Messages in flight on a closed connection are ignored.
      if (socket !== mine) return;
      events.push(...batch.events);
      fold(batch.events, state);
    });
    mine.on('run:delta', (delta) => deltas.push(delta));
    const ack = await watch(mine, runId, state.seq + 1);
    if ('error' in ack) throw new Error(`The run could not be watched: ${ack.error}`);
  };
  const cut = (): void => {
    const { transport } = socket.io.engine as unknown as { transport: { ws: { terminate(): void } } };
    transport.ws.terminate();
    socket.removeAllListeners();
    socket.close();
  };
  await come();
  return {
    state,
    events,
    deltas,
    cutOff: async () => {
      cut();
      await come();
    },
    [Symbol.asyncDispose]: async () => {
      socket.close();
    },
  };
}
