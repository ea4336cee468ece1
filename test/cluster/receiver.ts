import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that reached the receiver. */
export interface Effect {
  /** What the request is about. */
  readonly subject: string;
  /** Its Idempotency-Key. */
  readonly key: string;
}

/** A service that workflows send requests to. Records each request with its idempotency key. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly effects: readonly Effect[];
}

/** How long it takes to respond, so that some senders are killed in between. */
const RESPONSE_MS = 40;

/** Starts one that reads `{"subject": …}`. */
export async function startReceiver(responseMs = RESPONSE_MS): Promise<Receiver> {
  const effects: Effect[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const { subject } = JSON.parse(text) as { subject: string };
    effects.push({ subject, key: String(request.headers['idempotency-key'] ?? '') });
    setTimeout(() => response.setHeader('content-type', 'application/json').end('{"ok": true}'), responseMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    effects,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
