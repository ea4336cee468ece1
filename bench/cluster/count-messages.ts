import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

export interface MessageCounter extends AsyncDisposable {
  /** The given URL, through the counter. */
  readonly uri: string;
  /** Messages that clients sent so far. */
  count(): number;
}

/** A message of MongoDB's protocol starts with its length in bytes, a 32-bit little-endian number. */
const LENGTH_BYTES = 4;

/** Counts what clients send to a MongoDB. */
export async function countMessages(target: string): Promise<MessageCounter> {
  const { hostname, port, host } = new URL(target);
  let messages = 0;
  const server = createServer((near) => {
    const far = connect({ host: hostname, port: Number(port) });
    let rest = Buffer.alloc(0);
    near.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= LENGTH_BYTES && rest.length >= rest.readInt32LE()) {
        rest = rest.subarray(rest.readInt32LE());
        messages++;
      }
    });
    for (const socket of [near, far]) socket.on('error', () => [near, far].forEach((one) => void one.destroy()));
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const uri = target.replace(host, `127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    uri: `${uri}${uri.includes('?') ? '&' : '?'}directConnection=true`,
    count: () => messages,
    [Symbol.asyncDispose]: async () => {
      server.close();
    },
  };
}
