import type { ClientToServer, ServerToClient } from '@switchyard/shared/realtime/protocol.ts';
import { io, type Socket } from 'socket.io-client';
import { create } from 'zustand';
import { checkSession } from '../api/check-session.ts';
import { queryClient } from '../api/query-client.ts';
import { useSession } from '../api/session.ts';

export type LiveSocket = Socket<ServerToClient, ClientToServer>;

interface Connection {
  readonly online: boolean;
}

/** Whether the live connection is up. True until the first failure, to avoid a flicker at the start. */
export const useConnection = create<Connection>(() => ({ online: true }));

/** Having to sign in first doesn’t count as offline. */
function lost(): boolean {
  const isIn = useSession.getState().phase === 'in';
  useConnection.setState({ online: !isIn });
  return isIn;
}

let opened: LiveSocket | undefined;

/** The page’s single connection, opened on first use. */
export function liveSocket(): LiveSocket {
  if (opened) return opened;
  const socket: LiveSocket = io({ path: '/socket.io', transports: ['websocket', 'polling'], reconnectionDelay: 300, reconnectionDelayMax: 5_000 });
  socket.on('connect', () => useConnection.setState({ online: true }));
  socket.on('disconnect', (reason) => {
    // Closed by the server: the session may have ended, or the server is stopping. socket.io doesn’t reconnect on its own in this case.
    if (reason === 'io server disconnect') void checkSession().then(() => lost() && socket.connect());
    else if (reason !== 'io client disconnect') lost();
  });
  // After a random delay, because all pages get this at once.
  socket.on('missed', () => setTimeout(() => void queryClient.invalidateQueries(), Math.random() * 2_000));
  socket.on('connect_error', () => {
    if (useSession.getState().needed) void checkSession().then(lost);
    else lost();
  });
  useSession.subscribe((now, before) => {
    // Signed out, every attempt would fail: disconnects, and reconnects right after a sign-in instead of at the next attempt.
    if (now.phase === 'out' && before.phase !== 'out') socket.disconnect();
    else if (now.signIns > before.signIns && !socket.connected) socket.disconnect().connect();
  });
  opened = socket;
  return socket;
}
