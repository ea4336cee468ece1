import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { AppError } from '@switchyard/shared/errors.ts';
import { LRUCache } from 'lru-cache';
import { type Agent, type Response as GuardedResponse, fetch as guardedFetch } from 'undici';
import { parseAllowList } from './allow-list.ts';
import { checkedAddress, createGuardedAgent, type Resolve, systemResolve } from './guarded-agent.ts';
import { type AgentFor, guardedSend, type IncomingAnswer, type OutgoingRequest, parseTarget } from './guarded-send.ts';
import { openGuardedSocket, type SocketTarget } from './guarded-socket.ts';
import { toNetworkError } from './network-error.ts';

/*
 * The egress: the only place that opens outgoing connections on behalf of users.
 * Invariants: 1. Every address is checked when the socket opens, on every hop. 2. A name is resolved once per connection, all its
 * addresses are checked, and one of them is connected to. 3. Private addresses are blocked unless the operator allows them. Model
 * connections may reach loopback. 4. Response bytes are counted after decompression, while streaming. 5. Credentials never cross origins.
 */

export interface Egress {
  /** A `fetch` for the model SDKs. It follows no redirects, because fetch would forward the API keys in their headers. */
  fetchFor(options: { readonly allowLoopback: boolean }): typeof fetch;
  /** Sends a request and reads its response up to `maxBytes`. An abort closes the socket and rejects with the signal's reason. */
  send(request: OutgoingRequest, signal: AbortSignal): Promise<IncomingAnswer>;
  /** Opens a connection for another protocol than HTTP, to an address that was checked. It rejects after an abort, or 10 s. */
  openSocket(target: SocketTarget, signal: AbortSignal): Promise<Socket>;
  /** The address to connect to for a host, after it was checked. For clients that open their connections themselves. */
  addressOf(host: string): Promise<string>;
  /** Closes open connections. */
  close(): Promise<void>;
}

/** No model returns more than this, so a larger response is an attack on our memory. A whole response is buffered, a stream is not. */
const MAX_MODEL_BYTES = 4_000_000;
const MAX_STREAM_BYTES = 32_000_000;
/** How many agents with a client certificate keep their connections open. */
const MOST_CERTIFICATES = 20;

/** The same response with its decompressed bytes counted. The SDKs always read to the end. */
function bounded(answer: GuardedResponse): Response {
  const most = answer.headers.get('content-type')?.startsWith('text/event-stream') ? MAX_STREAM_BYTES : MAX_MODEL_BYTES;
  const body = answer.body as ReadableStream<Uint8Array> | null;
  return new Response(body && counted(body, most), { status: answer.status, statusText: answer.statusText, headers: [...answer.headers] });
}

/** The same stream, failing after `most` bytes. A TransformStream would take several times as long per chunk. */
function counted(body: ReadableStream<Uint8Array>, most: number): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        bytes += value.byteLength;
        if (bytes <= most) return controller.enqueue(value);
        const error = new AppError('response-too-large', `The model server sent more than ${most} bytes.`);
        await reader.cancel(error);
        throw error;
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function fetchThrough(agent: Agent): typeof fetch {
  return async (input, init) => {
    const url = parseTarget(input instanceof Request ? input.url : String(input));
    const signal = init?.signal ?? new AbortController().signal;
    // The SDKs are typed for the built-in fetch, which rejects an agent of another undici. Both implement the same standard.
    const answer = await guardedFetch(url, { ...(init as object), redirect: 'manual', dispatcher: agent }).catch((thrown: unknown) => {
      throw toNetworkError(thrown, { host: url.host, signal });
    });
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel();
      const target = answer.headers.get('location');
      throw new AppError('egress-refused', `“${url.host}” redirects${target ? ` to ${target}` : ''}. Enter the final URL.`);
    }
    return bounded(answer);
  };
}

/** Creates the egress. `allow` holds the entries of EGRESS_ALLOW. Throws on an invalid one. */
export function createEgress(options: { readonly allow: readonly string[]; readonly resolve?: Resolve }): Egress {
  const rules = { allow: parseAllowList(options.allow), resolve: options.resolve ?? systemResolve };
  const strict = createGuardedAgent({ ...rules, allowLoopback: false });
  const local = createGuardedAgent({ ...rules, allowLoopback: true });
  const certified = new LRUCache<string, Agent>({ max: MOST_CERTIFICATES, dispose: (agent) => void agent.close() });
  const agentFor: AgentFor = (certificate) => {
    if (!certificate) return strict;
    const key = createHash('sha256').update(JSON.stringify(certificate)).digest('base64');
    const agent = certified.get(key) ?? createGuardedAgent({ ...rules, allowLoopback: false, certificate });
    certified.set(key, agent);
    return agent;
  };
  return {
    fetchFor: ({ allowLoopback }) => fetchThrough(allowLoopback ? local : strict),
    send: (request, signal) => guardedSend(request, agentFor, signal),
    openSocket: (target, signal) => openGuardedSocket(target, { ...rules, allowLoopback: false }, signal),
    addressOf: (host) => checkedAddress(host, { ...rules, allowLoopback: false }),
    close: async () => {
      await Promise.all([strict, local, ...certified.values()].map((agent) => agent.destroy()));
    },
  };
}
