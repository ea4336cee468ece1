import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '@switchyard/shared/errors.ts';
import { type Config, ConfigError } from '../config.ts';
import type { Log } from '../log.ts';
import { sendProblem } from './problem.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** The listener: rejects requests while the server is starting or stopping, and passes them on in between. */
export interface StartupGate {
  readonly server: Server;
  /** `http://127.0.0.1:4310` */
  readonly address: string;
  readonly port: number;
  open(answer: Answer): void;
  /** Accepts no new connections and rejects new requests on open ones. */
  shut(): void;
  /** Waits up to a second for responses being sent, then closes every connection. */
  close(): Promise<void>;
}

const PORTS_TO_TRY = 50;
const RETRY_MS = 1_000;
const LAST_ANSWERS_MS = 1_000;
const SWEEP_MS = 20;

/** Opens the port. Throws ConfigError if a configured port is taken. A default one gives way to the next free port. */
export async function openStartupGate({ host, port, portIsDefault }: Pick<Config, 'host' | 'port' | 'portIsDefault'>, log: Log): Promise<StartupGate> {
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
        // A kept-alive connection counts as open until its response has been sent.
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

/** The address of the listener. A wildcard address can't be opened everywhere, so it becomes loopback. */
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
      if (code === 'EACCES') throw new ConfigError(`PORT ${port} isn’t allowed for this user. Choose one above 1023.`);
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
