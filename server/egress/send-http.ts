import { AppError } from '@switchyard/shared/errors.ts';
import type { Egress } from './egress.ts';
import type { SendHttp } from './egress-port.ts';
import { parseTarget } from './guarded-send.ts';
import { cutOut } from './without-secret.ts';

/** The secret of an `http` connection and how it is sent. With a `baseUrl`, it is sent only to that origin. */
export interface HttpSecret {
  readonly secret: string;
  readonly scheme: 'bearer' | 'header' | 'basic';
  readonly header?: string | undefined;
  readonly baseUrl: string | null;
}

export type SecretOf = (workspaceId: string, connectionId: string) => Promise<HttpSecret>;

function credentialHeader({ scheme, secret, header }: HttpSecret): [name: string, value: string] {
  if (/[\r\n]/.test(secret)) throw new AppError('unknown-secret', 'This connection’s secret contains a line break. Enter it again.');
  if (scheme === 'basic') return ['authorization', `Basic ${Buffer.from(secret, 'utf8').toString('base64')}`];
  return scheme === 'header' ? [header ?? 'x-api-key', secret] : ['authorization', `Bearer ${secret}`];
}

const has = (headers: Readonly<Record<string, string>>, name: string): boolean => Object.keys(headers).some((key) => key.toLowerCase() === name.toLowerCase());

const without = (headers: Readonly<Record<string, string>>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => key.toLowerCase() !== name.toLowerCase()));

const mapped = (headers: Readonly<Record<string, string>>, change: (value: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, change(value)]));

/**
 * SendHttp through the egress. Secrets are added only here, and removed from responses; the record has neither headers nor bodies. Requests
 * that can have an effect send the key of the call as `Idempotency-Key`, the same on every attempt, unless the user set one (S31).
 */
export function createSendHttp(parts: { readonly egress: Egress; readonly secretOf: SecretOf; readonly clock: { now(): Date } }): SendHttp {
  return async (request, { workspaceId, signal, idempotencyKey }) => {
    const url = parseTarget(request.url);
    const method = request.method.toUpperCase();
    let headers: Readonly<Record<string, string>> = request.headers;
    let shown = (text: string): string => text;
    if (request.connectionId !== undefined) {
      const secret = await parts.secretOf(workspaceId, request.connectionId);
      if (secret.baseUrl !== null && new URL(secret.baseUrl).origin !== url.origin) {
        const message = `This connection’s secret is only for ${new URL(secret.baseUrl).origin}, but the request goes to ${url.origin}. Choose another connection or URL.`;
        throw new AppError('egress-refused', message, { beforeEffect: true });
      }
      const [name, value] = credentialHeader(secret);
      headers = { ...without(headers, name), [name]: value };
      shown = cutOut(secret.secret);
    }
    const carriesKey = request.keyed || !['GET', 'HEAD', 'OPTIONS'].includes(method);
    if (carriesKey && !has(headers, 'idempotency-key')) headers = { ...headers, 'idempotency-key': idempotencyKey };
    const startedAt = parts.clock.now().getTime();
    const outgoing = { method, url: url.href, headers, ...(request.body !== undefined && { body: request.body }), maxBytes: request.maxBytes };
    const { status, bytes, ...answered } = await parts.egress.send(outgoing, signal);
    const latencyMs = parts.clock.now().getTime() - startedAt;
    const answer = { status, headers: mapped(answered.headers, shown), text: shown(answered.text), bytes };
    return { answer, record: { kind: 'http', method, url: url.href, status, bytes, latencyMs } };
  };
}
