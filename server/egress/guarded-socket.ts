import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { parseAddress } from './addresses.ts';
import { checkedAddress, type Rules } from './guarded-agent.ts';
import { toNetworkError } from './network-error.ts';

export interface SocketTarget {
  /** A name or an address, as in a URL. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

const CONNECT_MS = 10_000;

/** Connects to an address that was checked, with TLS under the name if asked. Throws `egress-refused`, `dns-failed`, `connect-failed`. */
export async function openGuardedSocket({ host, port, tls }: SocketTarget, rules: Rules, signal: AbortSignal): Promise<Socket> {
  const name = host.replace(/^\[(.*)\]$/, '$1');
  const isAddress = parseAddress(name) !== undefined;
  const address = await checkedAddress(name, rules);
  signal.throwIfAborted();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]);
  const socket = connectTcp({ host: address, port });
  try {
    await opened(socket, 'connect', limit);
    if (!tls) return socket;
    const secured = connectTls({ socket, ...(!isAddress && { servername: name }) });
    await opened(secured, 'secureConnect', limit);
    return secured;
  } catch (thrown) {
    socket.destroy();
    throw toNetworkError(thrown, { host: `${name}:${port}`, signal });
  }
}

function opened(socket: Socket, event: 'connect' | 'secureConnect', limit: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const late = () => reject(Object.assign(new Error('No connection in time'), { code: 'ETIMEDOUT' }));
  socket.once(event, () => resolve());
  socket.once('error', reject);
  limit.addEventListener('abort', late, { once: true });
  return promise.finally(() => {
    limit.removeEventListener('abort', late);
    socket.removeListener('error', reject);
  });
}
