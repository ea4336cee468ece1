import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SilentServer extends AsyncDisposable {
  readonly url: string;
  /** Requests that came in. */
  readonly requests: number;
  /** When each socket with a request on it was closed, in ms of `performance.now()`. */
  readonly closedAt: readonly number[];
}

/** A server on 127.0.0.1 that takes every request and never answers. */
export async function startSilentServer(): Promise<SilentServer> {
  let requests = 0;
  const closedAt: number[] = [];
  const server = createServer((_request, response) => {
    requests += 1;
    response.once('close', () => closedAt.push(performance.now()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    closedAt,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
