import type { BodyOf, Contract, ParamsOf, QueryOf, ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import { ApiError, errorOf } from './api-error.ts';
import { untilSignedIn, useSession } from './session.ts';

/** Omittable: nothing to send, or nothing required. */
type Optional<Value> = string extends keyof Value ? true : undefined extends Value ? true : object extends Value ? true : false;
/** Makes a part of a call required only if the contract needs it. */
type Part<Name extends string, Value> = Optional<Value> extends true ? { [K in Name]?: Value } : { [K in Name]: Value };

export type CallOptions<C extends Contract> = Part<'params', ParamsOf<C>> & Part<'query', QueryOf<C>> & Part<'body', BodyOf<C>> & { signal?: AbortSignal };
type Args<C extends Contract> = object extends CallOptions<C> ? [options?: CallOptions<C>] : [options: CallOptions<C>];

interface LooseOptions {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  files?: readonly (readonly [field: string, file: File])[];
  signal?: AbortSignal;
}

/** Fills in path and query: `/api/runs/:id` with `{id: 'a b'}` is `/api/runs/a%20b`. */
export function urlOf(contract: Pick<Contract, 'path'>, params: Record<string, unknown> = {}, query: Record<string, unknown> = {}): string {
  const path = contract.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Calls the API. Throws `ApiError`, or the browser’s AbortError if `signal` aborts. If a sign-in is required, waits for it and repeats the
 * call.
 */
export async function call<C extends Contract>(contract: C, ...args: Args<C>): Promise<ReplyOf<C>> {
  return (await readJson(await answered(contract, args[0] ?? {}, 'application/json'))) as ReplyOf<C>;
}

/** The same with files for fields of the run’s input. */
export async function callWithFiles<C extends Contract>(contract: C, options: CallOptions<C> & Pick<LooseOptions, 'files'>): Promise<ReplyOf<C>> {
  return (await readJson(await answered(contract, options, 'application/json'))) as ReplyOf<C>;
}

/** JSON, or a form with the JSON and the files (S74). */
function bodyOf({ body, files = [] }: LooseOptions): { readonly body?: string | FormData; readonly type?: string } {
  if (files.length === 0) return body === undefined ? {} : { body: JSON.stringify(body), type: 'application/json' };
  const form = new FormData();
  form.set('request', JSON.stringify(body ?? {}));
  for (const [field, file] of files) form.append(field, file, file.name);
  return { body: form };
}

/** Calls an operation that streams. Resolves once the stream starts; throws like `call`. */
export const openStream = <C extends Contract>(contract: C, options: CallOptions<C>): Promise<Response> => answered(contract, options, 'text/event-stream');

async function answered(contract: Contract, options: object, accept: string): Promise<Response> {
  const { params, query, signal } = options as LooseOptions;
  const { body, type } = bodyOf(options as LooseOptions);
  for (;;) {
    const { signIns } = useSession.getState();
    const response = await send(urlOf(contract, params, query), {
      method: contract.method,
      headers: { accept, ...(type !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
    if (response.ok) return response;
    const error = errorOf(response.status, await readJson(response));
    if (error.code !== 'unauthorized') throw error;
    await untilSignedIn(signIns, signal);
  }
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (thrown) {
    if (init.signal?.aborted) throw thrown;
    throw new ApiError({ code: 'offline', status: 0, detail: 'Can’t reach the server. Check that it’s running, then try again.' });
  }
}
