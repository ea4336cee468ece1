import type { ClientToServer, ServerToClient } from '@switchyard/shared/realtime/protocol.ts';
import { io, type Socket } from 'socket.io-client';
import { create } from 'zustand';
import { checkSession } from '../api/check-session.ts';
import { useSession } from '../api/session.ts';

export type LiveSocket = Socket<ServerToClient, ClientToServer>;

interface Connection {
  readonly online: boolean;
}

/** Whether the live connection stands. True until the first failure, so that nothing flickers at the start. */
export const useConnection = create<Connection>(() => ({ online: true }));

/** Nobody is offline for having to sign in first. */
function lost(): boolean {
  const isIn = useSession.getState().phase === 'in';
  useConnection.setState({ online: !isIn });
  return isIn;
}

let opened: LiveSocket | undefined;

/** The page's one connection, opened when it is first needed. */
export function liveSocket(): LiveSocket {
  if (opened) return opened;
  const socket: LiveSocket = io({ path: '/socket.io', transports: ['websocket', 'polling'], reconnectionDelay: 300, reconnectionDelayMax: 5_000 });
  socket.on('connect', () => useConnection.setState({ online: true }));
  socket.on('disconnect', (reason) => {
    // Sent away: the session may have ended, or the server stops. After this the socket does not come back by itself.
    if (reason === 'io server disconnect') void checkSession().then(() => lost() && socket.connect());
    else if (reason !== 'io client disconnect') lost();
  });
  socket.on('connect_error', () => {
    if (useSession.getState().needed) void checkSession().then(lost);
    else lost();
  });
  useSession.subscribe((now, before) => {
    // Until somebody has signed in, knocking is in vain; then at once, not when the next try is due.
    if (now.phase === 'out' && before.phase !== 'out') socket.disconnect();
    else if (now.signIns > before.signIns && !socket.connected) socket.disconnect().connect();
  });
  opened = socket;
  return socket;
}
