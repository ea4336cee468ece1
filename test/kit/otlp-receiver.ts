import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** By the protocol: 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** 0 unset, 1 ok, 2 error. */
  readonly status: number;
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface OtlpReceiver extends AsyncDisposable {
  readonly endpoint: string;
  readonly spans: readonly ReceivedSpan[];
  readonly requests: readonly { readonly path: string; readonly headers: IncomingHttpHeaders; readonly bytes: Buffer }[];
  /** Answers with this status from now on. Null: never. 200 at first. */
  answer(status: number | null): void;
}

/** A collector on 127.0.0.1 that decodes OTLP in protobuf. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const requests: OtlpReceiver['requests'][number][] = [];
  let status: number | null = 200;
  const server = createServer(async (request, response) => {
    const bytes = await buffer(request);
    requests.push({ path: request.url ?? '', headers: request.headers, bytes });
    if (status === null) return;
    if (status === 200) spans.push(...spansIn(bytes));
    response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
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

/** A message of protobuf: the values of each field. */
type Message = ReadonlyMap<number, readonly (Buffer | bigint)[]>;

function decode(bytes: Buffer): Message {
  const fields = new Map<number, (Buffer | bigint)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new Error('The message ends too early.');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const type = key & 7;
    const value = type === 0 ? varint() : type === 1 ? take(8) : type === 2 ? take(Number(varint())) : type === 5 ? take(4) : undefined;
    if (value === undefined) throw new Error(`Unknown field type ${type}`);
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}

const bytesOf = (message: Message, field: number): Buffer[] => (message.get(field) ?? []).filter((value) => typeof value !== 'bigint');
const textOf = (message: Message, field: number): string => bytesOf(message, field)[0]?.toString('utf8') ?? '';
const hexOf = (message: Message, field: number): string => bytesOf(message, field)[0]?.toString('hex') ?? '';
const numberOf = (message: Message, field: number): number => Number(message.get(field)?.[0] ?? 0);
const nanosOf = (message: Message, field: number): bigint => bytesOf(message, field)[0]?.readBigUInt64LE() ?? 0n;

function anyValue(message: Message): unknown {
  if (message.has(1)) return textOf(message, 1);
  if (message.has(2)) return numberOf(message, 2) === 1;
  if (message.has(3)) return numberOf(message, 3);
  if (message.has(4)) return bytesOf(message, 4)[0]?.readDoubleLE();
  return bytesOf(decode(bytesOf(message, 5)[0] ?? Buffer.alloc(0)), 1).map((value) => anyValue(decode(value)));
}

const attributesIn = (message: Message, field: number): Record<string, unknown> =>
  Object.fromEntries(
    bytesOf(message, field)
      .map(decode)
      .map((pair) => [textOf(pair, 1), anyValue(decode(bytesOf(pair, 2)[0] ?? Buffer.alloc(0)))]),
  );

function spansIn(request: Buffer): ReceivedSpan[] {
  return bytesOf(decode(request), 1)
    .map(decode)
    .flatMap((resourceSpans) => {
      const resource = attributesIn(decode(bytesOf(resourceSpans, 1)[0] ?? Buffer.alloc(0)), 1);
      const spans = bytesOf(resourceSpans, 2).flatMap((scope) => bytesOf(decode(scope), 2));
      return spans.map((bytes) => spanOf(decode(bytes), resource));
    });
}

const spanOf = (span: Message, resource: ReceivedSpan['resource']): ReceivedSpan => ({
  traceId: hexOf(span, 1),
  spanId: hexOf(span, 2),
  parentSpanId: hexOf(span, 4),
  name: textOf(span, 5),
  kind: numberOf(span, 6),
  startNanos: nanosOf(span, 7),
  endNanos: nanosOf(span, 8),
  attributes: attributesIn(span, 9),
  status: numberOf(decode(bytesOf(span, 15)[0] ?? Buffer.alloc(0)), 3),
  resource,
});
