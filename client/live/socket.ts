import type { ClientToServer, ServerToClient } from '@switchyard/shared/realtime/protocol.ts';
import { io, type Socket } from 'socket.io-client';
import { create } from 'zustand';

export type LiveSocket = Socket<ServerToClient, ClientToServer>;

interface Connection {
  readonly online: boolean;
}

/** Whether the live connection stands. True until the first failure, so that nothing flickers at the start. */
export const useConnection = create<Connection>(() => ({ online: true }));

let opened: LiveSocket | undefined;

/** The page's one connection, opened when it is first needed. */
export function liveSocket(): LiveSocket {
  if (opened) return opened;
  const socket: LiveSocket = io({ path: '/socket.io', transports: ['websocket', 'polling'], reconnectionDelay: 300, reconnectionDelayMax: 5_000 });
  socket.on('connect', () => useConnection.setState({ online: true }));
  socket.on('disconnect', (reason) => {
    if (reason !== 'io client disconnect') useConnection.setState({ online: false });
  });
  socket.on('connect_error', () => useConnection.setState({ online: false }));
  opened = socket;
  return socket;
}
