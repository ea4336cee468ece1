import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedAlert {
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  readonly json: { readonly type: string; readonly text: string; readonly data: Record<string, unknown> };
}

export interface AlertReceiver extends AsyncDisposable {
  readonly url: string;
  /** Received messages, in order. */
  readonly received: readonly ReceivedAlert[];
  /** Answers with this status from now on. 200 at first. */
  answer(status: number): void;
}

/** An HTTP server on 127.0.0.1 that receives alerts. */
export async function startAlertReceiver(): Promise<AlertReceiver> {
  const received: ReceivedAlert[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const raw = await text(request);
    received.push({ headers: request.headers, raw, json: JSON.parse(raw) });
    response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts?token=secret`,
    received,
    answer: (next) => {
      status = next;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
