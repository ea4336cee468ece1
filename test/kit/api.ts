import type { BodyOf, Contract, ParamsOf, QueryOf, ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import { type ProblemDetails, problemDetailsSchema } from '@switchyard/shared/errors.ts';

type Given<T> = T extends undefined ? { readonly body?: undefined } : undefined extends T ? { readonly body?: T } : { readonly body: T };
/** The arguments of a call. Empty parts of a contract may be omitted. */
type CallWith<C extends Contract> = (Record<string, never> extends ParamsOf<C> ? { readonly params?: ParamsOf<C> } : { readonly params: ParamsOf<C> }) & {
  readonly query?: Partial<QueryOf<C>>;
} & Given<BodyOf<C>>;

export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, if it is JSON. */
  readonly json: unknown;
}

export interface TestApi {
  /** A call that must succeed. Returns its reply, validated by its contract; otherwise throws with the server's message. */
  call<C extends Contract>(contract: C, given: CallWith<C>): Promise<ReplyOf<C>>;
  /** A call that must fail. Returns the problem; throws if it succeeds. */
  refused<C extends Contract>(contract: C, given: CallWith<C>): Promise<ProblemDetails>;
  /** Any request to a path or URL of the server. */
  send(method: string, path: string, given?: { body?: unknown; headers?: Record<string, string> }): Promise<HttpReply>;
}

/** Calls a server by its contracts, with headers added to each call. */
export function createApi(base: string, always: Readonly<Record<string, string>> = {}): TestApi {
  const { origin } = new URL(base);
  const send: TestApi['send'] = async (method, path, { body, headers = {} } = {}) => {
    const raw = body === undefined || typeof body === 'string' || body instanceof FormData || body instanceof Uint8Array;
    // Appended, not resolved: “//host” would leave this server.
    const reply = await fetch(path.startsWith('/') ? `${origin}${path}` : path, {
      method,
      headers: { ...(!raw && { 'content-type': 'application/json' }), ...always, ...headers },
      ...(body !== undefined && { body: raw ? (body as string) : JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, headers: reply.headers, text, json: parsed(text) };
  };
  const sendCall = (contract: Contract, { params = {}, query = {}, body }: { params?: unknown; query?: unknown; body?: unknown }): Promise<HttpReply> => {
    const path = contract.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String((params as Record<string, unknown>)[name])));
    const search = new URLSearchParams(Object.entries(query as object).map(([name, value]): [string, string] => [name, String(value)]));
    return send(contract.method, search.size > 0 ? `${path}?${search}` : path, { body });
  };
  return {
    send,
    call: async (contract, given) => {
      const reply = await sendCall(contract, given);
      if (!contract.statuses.includes(reply.status)) throw new Error(`${contract.id} answered ${reply.status}: ${reply.text.slice(0, 500)}`);
      return contract.reply.parse(reply.json) as ReplyOf<typeof contract>;
    },
    refused: async (contract, given) => {
      const reply = await sendCall(contract, given);
      if (reply.status < 400) throw new Error(`${contract.id} was not rejected: ${reply.status} ${reply.text.slice(0, 500)}`);
      if (!reply.headers.get('content-type')?.startsWith('application/problem+json'))
        throw new Error(`${contract.id}: not a problem: ${reply.text.slice(0, 500)}`);
      return problemDetailsSchema.parse(reply.json);
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
