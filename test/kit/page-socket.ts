import type { ClientToServer, ServerToClient } from '@switchyard/shared/realtime/protocol.ts';
import { io, type Socket } from 'socket.io-client';

export type PageSocket = Socket<ServerToClient, ClientToServer> & Disposable;

/** A socket like the page's; disconnects at the end of its scope. */
export function connectPage(base: string): PageSocket {
  const socket: Socket<ServerToClient, ClientToServer> = io(base, { transports: ['websocket'], forceNew: true, reconnection: false });
  return Object.assign(socket, { [Symbol.dispose]: () => void socket.disconnect() });
}
