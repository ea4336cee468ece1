import { AppError } from '@switchyard/shared/errors.ts';
import { type Agent, type Response as GuardedResponse, fetch as guardedFetch } from 'undici';
import { parseAllowList } from './allow-list.ts';
import { createGuardedAgent, type Resolve, systemResolve } from './guarded-agent.ts';
import { guardedSend, type IncomingAnswer, type OutgoingRequest, parseTarget } from './guarded-send.ts';
import { toNetworkError } from './network-error.ts';

/*
 * The egress: the only place that opens an outgoing connection for a user.
 * Invariants: 1. Every address is checked where the socket is opened, on every hop. 2. A name is resolved once per connection, all its
 * addresses are checked, and one of those is connected to. 3. Inner addresses are refused unless an operator allowed them; model
 * connections may reach loopback. 4. Answers are counted after decompression, while they stream. 5. Credentials do not cross origins.
 */

export interface Egress {
  /** A `fetch` for the model SDKs. It follows no redirect: their keys travel in headers that fetch would carry along. */
  fetchFor(options: { readonly allowLoopback: boolean }): typeof fetch;
  /** Sends a request and reads its answer up to `maxBytes`. An abort closes the socket and rejects with the signal's reason. */
  send(request: OutgoingRequest, signal: AbortSignal): Promise<IncomingAnswer>;
  /** Closes what is kept open. */
  close(): Promise<void>;
}

/** No model answers more than this; whoever sends more wants to fill our memory. A whole answer is held at once, a stream is not. */
const MAX_MODEL_BYTES = 4_000_000;
const MAX_STREAM_BYTES = 32_000_000;

/** The same answer with its decompressed bytes counted; the SDKs read to the end whatever comes. */
function bounded(answer: GuardedResponse): Response {
  const most = answer.headers.get('content-type')?.startsWith('text/event-stream') ? MAX_STREAM_BYTES : MAX_MODEL_BYTES;
  let bytes = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > most) controller.error(new AppError('response-too-large', `The model server sent more than ${most} bytes.`));
      else controller.enqueue(chunk);
    },
  });
  const body = answer.body as ReadableStream<Uint8Array> | null;
  return new Response(body?.pipeThrough(counter) ?? null, { status: answer.status, statusText: answer.statusText, headers: [...answer.headers] });
}

function fetchThrough(agent: Agent): typeof fetch {
  return async (input, init) => {
    const url = parseTarget(input instanceof Request ? input.url : String(input));
    const signal = init?.signal ?? new AbortController().signal;
    // The SDKs are typed for the built-in fetch, which refuses an agent of another undici; both speak the same standard.
    const answer = await guardedFetch(url, { ...(init as object), redirect: 'manual', dispatcher: agent }).catch((thrown: unknown) => {
      throw toNetworkError(thrown, { host: url.host, signal });
    });
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel();
      const target = answer.headers.get('location');
      throw new AppError('egress-refused', `‘${url.host}’ redirects${target ? ` to ${target}` : ''}. Put the final address into the connection.`);
    }
    return bounded(answer);
  };
}

/** Makes the egress. `allow` holds the entries of EGRESS_ALLOW; a wrong one throws. */
export function createEgress(options: { readonly allow: readonly string[]; readonly resolve?: Resolve }): Egress {
  const rules = { allow: parseAllowList(options.allow), resolve: options.resolve ?? systemResolve };
  const strict = createGuardedAgent({ ...rules, allowLoopback: false });
  const local = createGuardedAgent({ ...rules, allowLoopback: true });
  return {
    fetchFor: ({ allowLoopback }) => fetchThrough(allowLoopback ? local : strict),
    send: (request, signal) => guardedSend(request, strict, signal),
    close: async () => {
      await Promise.all([strict.destroy(), local.destroy()]);
    },
  };
}
