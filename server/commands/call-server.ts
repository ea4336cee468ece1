import type { Contract, ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';

interface Given {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
}

/** Calls an operation of a server. Throws AppError with the server’s message. */
export type ServerCall = <C extends Contract>(contract: C, given?: Given) => Promise<ReplyOf<C>>;

const TIMEOUT_MS = 120_000;

/** `token`: an API token, if the server has a password. */
export function callOn(url: string, token?: string): ServerCall {
  const base = url.replace(/\/+$/, '');
  return async (contract, { params = {}, query = {}, body } = {}) => {
    const path = contract.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    const search = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]));
    const response = await fetch(`${base}${path}${search.size > 0 ? `?${search}` : ''}`, {
      method: contract.method,
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((cause: unknown) => {
      throw new AppError('not-ready', `The server at ${base} doesn’t respond.`, { cause });
    });
    const reply: unknown = await response.json().catch(() => undefined);
    if (response.ok) return contract.reply.parse(reply) as ReplyOf<typeof contract>;
    if (response.status === 401 || response.status === 403)
      throw new AppError('forbidden', 'The server needs an API token with the scopes “read”, “edit”, and “run”. Set it as SWITCHYARD_TOKEN.');
    const detail = isPlainObject(reply) && typeof reply.detail === 'string' ? reply.detail : `The server returned ${response.status}.`;
    throw new AppError('bad-request', detail);
  };
}
