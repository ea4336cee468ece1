import { AppError } from '@switchyard/shared/errors.ts';
import { asText } from '../sdk/as-value.ts';
import type { HttpRequest, Redirects } from '../sdk/context.ts';
import { headerRecord, type Pair, textPairs } from '../sdk/pairs.ts';

/** The params that define the request, with templates filled in. */
export interface RequestParams {
  readonly method: string;
  readonly url: unknown;
  readonly query: readonly Pair[];
  readonly headers: readonly Pair[];
  readonly bodyKind: 'none' | 'json' | 'form' | 'text';
  readonly json?: unknown;
  readonly form: readonly Pair[];
  readonly text: unknown;
  readonly connectionId?: string | undefined;
  readonly maxBytes: number;
  readonly restore: boolean;
  readonly redirects: Redirects;
}

function address(url: unknown, query: readonly Pair[]): string {
  const text = asText(url).trim();
  const parsed = URL.parse(text);
  if (!parsed || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) {
    throw new AppError('node-failed', `“${text.slice(0, 200)}” is not a URL. It must start with https:// or http://.`);
  }
  for (const [name, value] of textPairs(query)) parsed.searchParams.append(name, value);
  return parsed.href;
}

function bodyOf({ bodyKind, json, form, text }: RequestParams): { body: string; type: string } | undefined {
  if (bodyKind === 'json') return { body: JSON.stringify(json ?? null), type: 'application/json' };
  if (bodyKind === 'form') return { body: new URLSearchParams(textPairs(form)).toString(), type: 'application/x-www-form-urlencoded' };
  return bodyKind === 'text' ? { body: asText(text), type: 'text/plain; charset=utf-8' } : undefined;
}

/** Builds the request. A keyed one carries `Idempotency-Key`, so the receiver can recognize a repeated request. */
export function buildRequest(params: RequestParams, keyed: boolean): HttpRequest {
  const body = bodyOf(params);
  return {
    method: params.method,
    url: address(params.url, params.query),
    headers: {
      ...(body && { 'content-type': body.type }),
      ...headerRecord(params.headers),
    },
    ...(body && { body: body.body }),
    ...(params.connectionId && { connectionId: params.connectionId }),
    ...(keyed && { keyed }),
    ...(params.restore && { restore: true }),
    ...(params.redirects !== 'follow' && { redirects: params.redirects }),
    maxBytes: params.maxBytes,
  };
}
