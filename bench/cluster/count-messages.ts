import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

export interface MessageCounter extends AsyncDisposable {
  /** The given URL, routed through the counter. */
  readonly uri: string;
  /** Messages that clients sent so far, by command and collection. */
  counts(): ReadonlyMap<string, number>;
}

/** A message of MongoDB's protocol starts with its length in bytes, a 32-bit little-endian number. */
const LENGTH_BYTES = 4;
/** The command is a document after the header, the flags, and the kind of the section. Its first element names it: type, name, value. */
const FIRST_ELEMENT = 16 + 4 + 1 + LENGTH_BYTES;
const TYPE_STRING = 2;

/** Counts what clients send to a MongoDB. */
export async function countMessages(target: string): Promise<MessageCounter> {
  const { hostname, port, host } = new URL(target);
  const counts = new Map<string, number>();
  const server = createServer((near) => {
    const far = connect({ host: hostname, port: Number(port) });
    let rest = Buffer.alloc(0);
    near.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= LENGTH_BYTES && rest.length >= rest.readInt32LE()) {
        const name = nameOf(rest);
        counts.set(name, (counts.get(name) ?? 0) + 1);
        rest = rest.subarray(rest.readInt32LE());
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
    counts: () => new Map(counts),
    [Symbol.asyncDispose]: async () => {
      server.close();
    },
  };
}

/** Command and collection of an OP_MSG: `find runs`. */
function nameOf(message: Buffer): string {
  const end = message.indexOf(0, FIRST_ELEMENT + 1);
  const command = message.toString('utf8', FIRST_ELEMENT + 1, end);
  if (message[FIRST_ELEMENT] !== TYPE_STRING) return command;
  const value = end + 1 + LENGTH_BYTES;
  return `${command} ${message.toString('utf8', value, message.indexOf(0, value))}`;
}
