import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from './until.ts';

export interface GatedServer extends AsyncDisposable {
  readonly url: string;
  /** Messages of the requests so far, in order: the last part of each path. */
  readonly seen: readonly string[];
  /** How many requests wait for their response. */
  open(): number;
  /** The most requests that waited at the same time. */
  most(): number;
  /** Responds to the oldest open request, once there is one. */
  answer(): Promise<void>;
  /** Responds to all requests, including later ones. */
  answerAll(): void;
}

/** A server on 127.0.0.1 that responds to a request only when the test says so. */
export async function startGatedServer(): Promise<GatedServer> {
  const seen: string[] = [];
  const waiting = new Set<ServerResponse>();
  let most = 0;
  let isOpen = false;
  const respond = (response: ServerResponse): void => {
    waiting.delete(response);
    response.writeHead(200, { 'content-type': 'application/json' }).end('"done"');
  };
  const server = createServer(({ url = '' }, response) => {
    seen.push(decodeURIComponent(url.slice(url.lastIndexOf('/') + 1)));
    response.once('close', () => waiting.delete(response));
    waiting.add(response);
    most = Math.max(most, waiting.size);
    if (isOpen) setImmediate(respond, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    open: () => waiting.size,
    most: () => most,
    answer: async () => respond(await until('a request', () => [...waiting][0])),
    answerAll: () => {
      isOpen = true;
      for (const response of [...waiting]) respond(response);
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
