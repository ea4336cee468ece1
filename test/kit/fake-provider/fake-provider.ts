import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { anthropicFormat } from './anthropic-format.ts';
import { type Fault, NONSENSE } from './fault.ts';
import { openAiFormat } from './openai-format.ts';
import { type FakeCall, readCall, type UsageDetails, type WireFormat } from './wire-format.ts';

/*
 * A model provider on 127.0.0.1 that speaks the protocols of OpenAI and Anthropic over real sockets. It returns what it is told to, counts
 * its calls, and fails on request: tests compare the server with what it saw.
 */

export interface FakeProvider extends AsyncDisposable {
  /** Base URL for Anthropic's SDK; OpenAI's needs `/v1` after it (`openAiUrl`). */
  readonly url: string;
  readonly openAiUrl: string;
  /** Every chat request so far, including failed ones. */
  readonly calls: readonly FakeCall[];
  /** Words streamed so far. */
  readonly sentWords: number;
  /** How many clients closed their socket before the response was complete. */
  readonly closedSockets: number;
  /** The next calls fail like this, in order; `undefined` lets one succeed. */
  failNext(...faults: (Fault | undefined)[]): void;
  /** Every call fails like this from now on; `undefined` ends it. */
  failAlways(fault: Fault | undefined): void;
  /** Only these keys are accepted from now on; `undefined` accepts all. */
  letIn(keys: readonly string[] | undefined): void;
  answerWith(answer: (call: FakeCall) => string): void;
  /** The usage of every call has these details from now on. */
  reportDetails(details: UsageDetails | undefined): void;
  /** Resolves with the next chat request. */
  nextCall(): Promise<FakeCall>;
  /** Resolves when a client next closes its socket before the response was complete. */
  nextClose(): Promise<FakeCall>;
  close(): Promise<void>;
}

export interface FakeProviderOptions {
  /** By default, repeats the last user message. */
  readonly answer?: (call: FakeCall) => string;
  readonly models?: readonly string[];
  /** The model that responses name. Default: the requested one. */
  readonly servedModel?: string;
}

const echo = (call: FakeCall): string => `You said: ${call.messages.findLast(({ role }) => role === 'user')?.text ?? ''}`;

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const value: unknown = text === '' ? {} : JSON.parse(text);
  return isPlainObject(value) ? value : {};
}

function sendJson(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

/** Azure’s URLs contain the deployment, and need the version of the API. */
const AZURE_PATH = /^\/openai\/deployments\/[^/]+\/chat\/completions$/;

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Streams word by word; stops if the client disconnects. */
async function stream(
  response: ServerResponse,
  format: WireFormat,
  call: FakeCall,
  plan: { text: string; delayMs: number; cutAfter: number; onWord: () => void },
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write(format.start(call));
  const words = plan.text.match(/\s*\S+/g) ?? [];
  for (const [index, word] of words.entries()) {
    if (index >= plan.cutAfter) {
      // Flushes what was written first: the client must see a stream that broke, not one that never started.
      response.write('\n', () => response.destroy());
      return;
    }
    if (plan.delayMs > 0) await delay(plan.delayMs);
    if (response.destroyed) return;
    response.write(format.word(call, word));
    plan.onWord();
  }
  response.end(format.end(call, plan.text));
}

async function respond(
  response: ServerResponse,
  call: FakeCall,
  fault: Fault | undefined,
  { answer, onWord }: { answer: string; onWord: () => void },
): Promise<void> {
  const format = call.protocol === 'openai' ? openAiFormat : anthropicFormat;
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'status') {
    const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
    sendJson(response, fault.status, format.error(fault.status, fault.message ?? `fake failure ${fault.status}`), headers);
    return;
  }
  if (fault?.kind === 'malformed') {
    response
      .writeHead(200, { 'content-type': call.stream ? 'text/event-stream' : 'application/json' })
      .end(call.stream ? 'data: {"choices": [\n\n' : '{"choices": [');
    return;
  }
  const text = fault?.kind === 'empty' ? '' : fault?.kind === 'nonsense' ? NONSENSE : answer;
  const cutAfter = fault?.kind === 'cut' ? (fault.afterWords ?? 2) : Number.POSITIVE_INFINITY;
  if (!call.stream && fault?.kind === 'cut') response.destroy();
  else if (!call.stream) sendJson(response, 200, format.whole(call, text));
  else await stream(response, format, call, { text, delayMs: fault?.kind === 'slow' || fault?.kind === 'cut' ? (fault.delayMs ?? 0) : 0, cutAfter, onWord });
}

/** Announces values: the next one goes to everyone waiting now. */
function announcer<T>(): { next(): Promise<T>; announce(value: T): void } {
  let waiting: ((value: T) => void)[] = [];
  return {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    announce(value) {
      const all = waiting;
      waiting = [];
      for (const resolve of all) resolve(value);
    },
  };
}

/** A list of models in the format of both protocols. */
const listOf = (models: readonly string[]) => ({
  object: 'list',
  data: models.map((id) => ({ id, object: 'model', type: 'model', display_name: id })),
  has_more: false,
  first_id: null,
  last_id: null,
});

/** Serves on a free port of 127.0.0.1 until closed. */
async function listen(serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: { message: String(error) } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** Starts it on a free port of 127.0.0.1. */
export async function startFakeProvider(options: FakeProviderOptions = {}): Promise<FakeProvider> {
  const calls: FakeCall[] = [];
  const faults: (Fault | undefined)[] = [];
  const incoming = announcer<FakeCall>();
  const closes = announcer<FakeCall>();
  const models = options.models ?? ['fake-small', 'fake-large'];
  let answer = options.answer ?? echo;
  let always: Fault | undefined;
  let closedSockets = 0;
  let sentWords = 0;
  let keys: readonly string[] | undefined;
  let details: UsageDetails | undefined;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const key = request.headers.authorization?.replace(/^Bearer /, '') ?? String(request.headers['x-api-key'] ?? request.headers['api-key'] ?? '');
    if (keys && !keys.includes(key)) {
      sendJson(response, 401, { error: { message: `Incorrect API key provided: ${key}.`, type: 'authentication_error' } });
      return;
    }
    if (request.method === 'GET' && (pathname === '/v1/models' || pathname === '/openai/models')) return sendJson(response, 200, listOf(models));
    const protocol = pathname === '/v1/chat/completions' || AZURE_PATH.test(pathname) ? 'openai' : pathname === '/v1/messages' ? 'anthropic' : undefined;
    if (request.method !== 'POST' || !protocol) {
      sendJson(response, 404, { error: { message: `no such path: ${request.method} ${pathname}` } });
      return;
    }
    const call = readCall({ protocol, body: await readBody(request), headers: request.headers, details });
    calls.push(call);
    let cutByUs = false;
    response.once('close', () => {
      if (response.writableFinished || cutByUs) return;
      closedSockets += 1;
      closes.announce(call);
    });
    const fault = faults.length > 0 ? faults.shift() : always;
    cutByUs = fault?.kind === 'cut';
    incoming.announce(call);
    await respond(response, { ...call, model: options.servedModel ?? call.model }, fault, { answer: answer(call), onWord: () => void sentWords++ });
  };

  const { url, close } = await listen(serve);
  return {
    url,
    openAiUrl: `${url}/v1`,
    calls,
    get sentWords() {
      return sentWords;
    },
    get closedSockets() {
      return closedSockets;
    },
    failNext: (...next) => void faults.push(...next),
    failAlways: (fault) => {
      always = fault;
    },
    letIn: (known) => {
      keys = known;
    },
    reportDetails: (next) => {
      details = next;
    },
    answerWith: (next) => {
      answer = next;
    },
    nextCall: incoming.next,
    nextClose: closes.next,
    close,
    [Symbol.asyncDispose]: close,
  };
}
