import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly idempotencyKey: string | undefined;
}

export interface SilentServer extends AsyncDisposable {
  readonly url: string;
  /** Received requests, in order. */
  readonly requests: readonly SeenRequest[];
  /** When each socket with a request was closed, in ms of `performance.now()`. */
  readonly closedAt: readonly number[];
}

/** A server on 127.0.0.1 that accepts every request and never responds. */
export async function startSilentServer(): Promise<SilentServer> {
  const requests: SeenRequest[] = [];
  const closedAt: number[] = [];
  const server = createServer(({ method = '', url: path = '', headers }, response) => {
    requests.push({ method, path, idempotencyKey: headers['idempotency-key']?.toString() });
    response.once('close', () => closedAt.push(performance.now()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    closedAt,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
