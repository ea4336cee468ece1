import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '@switchyard/shared/errors.ts';
import { type Config, ConfigError } from '../config.ts';
import type { Log } from '../log.ts';
import { sendProblem } from './problem.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** The listener: refuses while the server is not ready yet or is stopping, and hands requests over in between. */
export interface Door {
  readonly server: Server;
  /** `http://127.0.0.1:4310` */
  readonly address: string;
  readonly port: number;
  open(answer: Answer): void;
  /** Takes no new connection and refuses new requests on those that are open. */
  shut(): void;
  /** Lets answers that are being sent leave, for a second at most, and closes every connection. */
  close(): Promise<void>;
}

const PORTS_TO_TRY = 50;
const RETRY_MS = 1_000;
const LAST_ANSWERS_MS = 1_000;
const SWEEP_MS = 20;

/** Takes the port. Throws ConfigError when the one that was asked for is taken; a default one gives way to the next that is free. */
export async function takeDoor({ host, port, portIsDefault }: Pick<Config, 'host' | 'port' | 'portIsDefault'>, log: Log): Promise<Door> {
  const refuse =
    (why: string): Answer =>
    (_request, response) =>
      sendProblem(response, new AppError('not-ready', why, { retryAfterMs: RETRY_MS }), log);
  let answer = refuse('The server is starting.');
  const server = createServer((request, response) => answer(request, response));
  await listen(server, host, port, portIsDefault ? PORTS_TO_TRY : 1);
  const taken = (server.address() as AddressInfo).port;
  return {
    server,
    port: taken,
    address: `http://${nameOf(host)}:${taken}`,
    open: (next) => {
      answer = next;
    },
    shut: () => {
      answer = refuse('The server is stopping.');
      server.close();
      server.closeIdleConnections();
    },
    close: () =>
      new Promise((resolve) => {
        // A connection that is kept alive counts as open until its answer has left.
        const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
        const end = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS);
        server.close(() => {
          clearInterval(sweep);
          clearTimeout(end);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

/** Where the listener is found. What stands for all addresses is none that one can go to everywhere. */
const nameOf = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host);

async function listen(server: Server, host: string, port: number, tries: number): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await listenOnce(server, host, port + attempt);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EADDRINUSE' && attempt + 1 < tries) continue;
      if (code === 'EADDRINUSE')
        throw new ConfigError(`PORT ${port} is in use by another program. Stop it, or choose another with PORT=… (0 picks a free one).`);
      if (code === 'EACCES') throw new ConfigError(`PORT ${port} may not be used by this user. Choose one above 1023.`);
      if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new ConfigError(`HOST “${host}” is not an address of this machine.`);
      throw error;
    }
  }
}

const listenOnce = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
