import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A connection to MongoDB or Redis that tests can break. */
export interface BreakableProxy extends AsyncDisposable {
  /** The given URL, through the proxy. */
  readonly uri: string;
  /** Cuts all connections and accepts no new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Forwards the next request that contains `text`, and cuts the connection when its response arrives. */
  loseReplyTo(text: string): void;
}

/** The path and options of a MongoDB URI, without a search for other members, which would bypass the proxy. */
const direct = (rest: string): string => (/[?&]directConnection=/.test(rest) ? rest : `${rest}${rest.includes('?') ? '&' : '?'}directConnection=true`);

const DEFAULT_PORTS: Readonly<Record<string, number>> = { mongodb: 27_017, redis: 6_379 };

/** Puts a proxy in front of a server, and starts it connected or cut. It passes everything on after `delayMs`, in each direction. */
export const openBreakableProxy = async (target: string, begin: 'cut' | 'mended' = 'mended', delayMs = 0): Promise<BreakableProxy> => {
  const [, scheme = '', credentials = '', host = '', rest = ''] = /^(mongodb|redis):\/\/([^/]*@)?([^/?]+)(.*)$/.exec(target) ?? [];
  const { hostname, port } = new URL(`tcp://${host}`);
  const sockets = new Set<Socket>();
  let unanswered: string | undefined;

  const deliver = (to: Socket, chunk: Buffer): void => {
    if (delayMs === 0) to.write(chunk);
    else setTimeout(() => to.destroyed || to.write(chunk), delayMs);
  };
  const pass = (client: Socket): void => {
    const server = connect({ host: hostname, port: Number(port || DEFAULT_PORTS[scheme]) });
    let losing = false;
    const end = (): void => {
      for (const socket of [client, server]) {
        sockets.delete(socket);
        socket.destroy();
      }
    };
    for (const socket of [client, server]) sockets.add(socket.on('error', end).on('close', end));
    client.on('data', (chunk) => {
      if (unanswered !== undefined && chunk.includes(unanswered)) {
        losing = true;
        unanswered = undefined;
      }
      deliver(server, chunk);
    });
    server.on('data', (chunk) => (losing ? end() : deliver(client, chunk)));
  };

  const proxy = createServer(pass);
  const listen = async (onPort: number): Promise<void> => {
    proxy.listen(onPort, '127.0.0.1');
    await once(proxy, 'listening');
  };
  const cut = async (): Promise<void> => {
    if (!proxy.listening) return;
    proxy.close();
    for (const socket of sockets) socket.destroy();
    await once(proxy, 'close');
  };
  await listen(0);
  const own = (proxy.address() as AddressInfo).port;
  if (begin === 'cut') await cut();
  return {
    uri: `${scheme}://${credentials}127.0.0.1:${own}${scheme === 'redis' ? rest : direct(rest)}`,
    cut,
    mend: () => listen(own),
    loseReplyTo: (text) => {
      unanswered = text;
    },
    [Symbol.asyncDispose]: cut,
  };
};
