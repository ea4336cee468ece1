import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A response of an external server: a model's or an API's. */
export interface Answer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** A server on 127.0.0.1 that answers every request with the response set last. */
export interface Outside extends AsyncDisposable {
  readonly url: string;
  answerWith(answer: Answer): void;
}

export async function startOutside(): Promise<Outside> {
  let answer: Answer = { headers: {}, body: '{}' };
  const server: Server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(200, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerWith: (next) => {
      answer = next;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
