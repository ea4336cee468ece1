import type { Redirects } from '@switchyard/nodes/sdk/context.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type Agent, fetch, type Response } from 'undici';
import { createCookieJar } from './cookie-jar.ts';
import type { ClientCertificate } from './guarded-agent.ts';
import { toNetworkError } from './network-error.ts';

/** A request whose headers are complete. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Returns a successful response as bytes instead of text. */
  readonly asBytes?: boolean;
  readonly maxBytes: number;
  /** Presented only to the origin of `url`. */
  readonly certificate?: ClientCertificate | undefined;
  readonly redirects?: Redirects;
  readonly cookies?: Readonly<Record<string, string>>;
}
export interface IncomingAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body, if it was wanted as bytes and the status is 2xx. `text` is then empty. */
  readonly content?: Uint8Array;
  readonly bytes: number;
  /** The final URL, after redirects. */
  readonly url: string;
  readonly cookies?: Readonly<Record<string, string>>;
}

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** The transport sets these. Set from outside, they could smuggle a second request. */
const OURS = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'te', 'trailer', 'expect', 'proxy-authorization']);
/** The only headers kept across origins. Any other header can be a credential. */
const HARMLESS = new Set(['accept', 'accept-language', 'content-type', 'content-language', 'user-agent', 'idempotency-key']);
const BODILESS = new Set(['GET', 'HEAD']);

/** Parses a URL to request: http or https, without user name or password. Throws `bad-request`. */
export function parseTarget(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (!url) throw new AppError('bad-request', `“${text}” is not a URL. It must start with http:// or https:// and name a host.`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new AppError('egress-refused', `“${url.protocol}” URLs are blocked. Use http or https.`);
  if (url.username || url.password)
    throw new AppError('bad-request', `The URL of “${url.host}” contains a user name or password. Remove it and use a connection.`);
  return url;
}

function checkRequest(request: OutgoingRequest): void {
  const own = Object.keys(request.headers).find((name) => OURS.has(name.toLowerCase()));
  if (own) throw new AppError('bad-request', `The “${own}” header is set automatically. Remove it.`);
  if (!/^[A-Z]{1,20}$/.test(request.method) || ['CONNECT', 'TRACE', 'TRACK'].includes(request.method)) {
    throw new AppError('bad-request', `“${request.method}” is not a supported method.`);
  }
  if (request.body && BODILESS.has(request.method))
    throw new AppError('bad-request', `A ${request.method} request can’t have a body. Remove the body or use POST.`);
}

/** The request that follows a redirect (RFC 9110 §15.4). Across origins it loses its credentials, and on 303 its body. */
function redirected(request: OutgoingRequest, from: URL, answer: Response): OutgoingRequest {
  const to = parseTarget(answer.headers.get('location') ?? '', from);
  const becomesGet = (answer.status === 303 && request.method !== 'HEAD') || (answer.status <= 302 && request.method === 'POST');
  const kept = Object.entries(request.headers).filter(([name]) => {
    const lower = name.toLowerCase();
    if (becomesGet && lower.startsWith('content-')) return false;
    return to.origin === from.origin || HARMLESS.has(lower);
  });
  const { body, certificate, ...rest } = request;
  return {
    ...rest,
    ...(to.origin === from.origin && { certificate }),
    method: becomesGet ? 'GET' : request.method,
    url: to.href,
    headers: Object.fromEntries(kept),
    ...(body !== undefined && !becomesGet && { body }),
  };
}

/** A decoder for the response's charset, UTF-8 by default. Throws `bad-response` for an unknown one. */
function decoderFor(answer: Response) {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]{1,40})/i.exec(answer.headers.get('content-type') ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset);
  } catch {
    throw new AppError('bad-response', `The response uses the unknown charset “${charset}”.`);
  }
}

async function readText(answer: Response, maxBytes: number): Promise<{ text: string; bytes: number }> {
  const decoder = decoderFor(answer);
  let text = '';
  const bytes = await readChunks(answer, maxBytes, (chunk) => {
    text += decoder.decode(chunk, { stream: true });
  });
  return { text: text + decoder.decode(), bytes };
}

async function readBytes(answer: Response, maxBytes: number): Promise<{ text: string; content: Uint8Array; bytes: number }> {
  const chunks: Uint8Array[] = [];
  const bytes = await readChunks(answer, maxBytes, (chunk) => void chunks.push(chunk));
  return { text: '', content: Buffer.concat(chunks), bytes };
}

/** Reads a body in chunks, and returns how many bytes it had. */
async function readChunks(answer: Response, maxBytes: number, take: (chunk: Uint8Array) => void): Promise<number> {
  let bytes = 0;
  // Throwing out of the loop cancels the stream and closes the socket, so the rest of a decompression bomb is never inflated.
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes)
      throw new AppError('response-too-large', `The response is larger than ${maxBytes} bytes. Request less, or increase the node’s limit.`);
    take(chunk);
  }
  return bytes;
}

const follows = ({ redirects }: OutgoingRequest, { status, headers }: Response): boolean =>
  redirects !== 'return' && REDIRECTS.has(status) && headers.has('location');

function demandOrigin({ url }: OutgoingRequest, from: URL): void {
  const to = new URL(url);
  if (to.origin === from.origin) return;
  throw new AppError('egress-refused', `“${from.host}” redirects to “${to.host}”, but this request follows redirects only on the same host.`);
}

/** The guarded agent that presents this certificate, if any. */
export type AgentFor = (certificate: ClientCertificate | undefined) => Agent;

/** Sends one request through the guarded agent, follows redirects itself, and reads the response up to its limit. Rejects with AppError or the abort's reason. */
export async function guardedSend(request: OutgoingRequest, agentFor: AgentFor, signal: AbortSignal): Promise<IncomingAnswer> {
  checkRequest(request);
  let current = request;
  const jar = request.cookies && createCookieJar(parseTarget(request.url), request.cookies);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    signal.throwIfAborted();
    const url = parseTarget(current.url);
    try {
      const { method, headers, body } = current;
      const cookie = jar?.headerFor(url, headers);
      const answer = await fetch(url, {
        method,
        headers: { 'user-agent': 'Switchyard', ...headers, ...(cookie !== undefined && { cookie }) },
        body: body ?? null,
        redirect: 'manual',
        dispatcher: agentFor(current.certificate),
        signal,
      });
      jar?.keep(url, answer.headers.getSetCookie());
      if (!follows(request, answer)) {
        const { status } = answer;
        const read = request.asBytes && answer.ok ? readBytes : readText;
        const kept = jar && { cookies: jar.of(new URL(request.url)) };
        return { status, headers: Object.fromEntries(answer.headers), ...(await read(answer, request.maxBytes)), url: url.href, ...kept };
      }
      await answer.body?.cancel();
      current = redirected(current, url, answer);
      if (request.redirects === 'same-origin') demandOrigin(current, url);
    } catch (thrown) {
      throw toNetworkError(thrown, { host: url.host, signal });
    }
  }
  throw new AppError('bad-response', `“${new URL(request.url).host}” redirects more than ${MAX_REDIRECTS} times.`);
}
