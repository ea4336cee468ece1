import { AppError } from '@switchyard/shared/errors.ts';
import type { Egress } from './egress.ts';
import type { SendHttp } from './egress-port.ts';
import { type OutgoingRequest, parseTarget } from './guarded-send.ts';
import { bodyOf, fileIn } from './http-files.ts';
import { type HttpSecret, signRequest } from './sign-request.ts';
import { cutOut } from './without-secret.ts';

export type SecretOf = (workspaceId: string, connectionId: string) => Promise<HttpSecret>;

const has = (headers: Readonly<Record<string, string>>, name: string): boolean => Object.keys(headers).some((key) => key.toLowerCase() === name.toLowerCase());

const mapped = (headers: Readonly<Record<string, string>>, change: (value: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, change(value)]));

/** Throws `egress-refused` if the secret is for another origin. */
function requireOrigin({ baseUrl }: HttpSecret, url: URL): void {
  if (baseUrl === null || new URL(baseUrl).origin === url.origin) return;
  const message = `This connection’s secret is only for ${new URL(baseUrl).origin}, but the request goes to ${url.origin}. Choose another connection or URL.`;
  throw new AppError('egress-refused', message, { beforeEffect: true });
}

interface SendParts {
  readonly egress: Egress;
  readonly secretOf: SecretOf;
  readonly clock: { now(): Date };
}

/** Sends a request with the secret of its connection. If the server rejects it, once more with a renewed one. */
async function sendSigned({ egress, clock }: SendParts, request: OutgoingRequest, secret: HttpSecret, signal: AbortSignal) {
  const send = async (used: HttpSecret) => ({ used, answered: await egress.send(await signRequest(request, used, clock.now()), signal) });
  const first = await send(secret);
  return first.answered.status === 401 && secret.renew ? send(await secret.renew()) : first;
}

/**
 * SendHttp through the egress. Secrets are added only here, and removed from responses; the record has neither headers nor bodies. Requests
 * that can have an effect send the key of the call as `Idempotency-Key`, the same on every attempt, unless the user set one (S31).
 */
export function createSendHttp(parts: SendParts): SendHttp {
  return async (request, { workspaceId, signal, idempotencyKey, contentOf }) => {
    const url = parseTarget(request.url);
    const method = request.method.toUpperCase();
    let headers: Readonly<Record<string, string>> = request.headers;
    const carriesKey = request.keyed || !['GET', 'HEAD', 'OPTIONS'].includes(method);
    if (carriesKey && !has(headers, 'idempotency-key')) headers = { ...headers, 'idempotency-key': idempotencyKey };
    const { maxBytes, redirects, cookies, asFile } = request;
    const sent = await bodyOf(request, contentOf);
    if (sent?.type !== undefined && !has(headers, 'content-type')) headers = { ...headers, 'content-type': sent.type };
    const more = { ...(sent && { body: sent.body }), ...(asFile && { asBytes: true }), ...(redirects && { redirects }), ...(cookies && { cookies }) };
    const outgoing = { method, url: url.href, headers, maxBytes, ...more };
    const secret = request.connectionId === undefined ? undefined : await parts.secretOf(workspaceId, request.connectionId);
    if (secret) requireOrigin(secret, url);
    const startedAt = parts.clock.now().getTime();
    const { used, answered } = secret
      ? await sendSigned(parts, outgoing, secret, signal)
      : { used: undefined, answered: await parts.egress.send(outgoing, signal) };
    const { status, bytes } = answered;
    const latencyMs = parts.clock.now().getTime() - startedAt;
    const shown = used ? cutOut(used.secret) : (text: string): string => text;
    const kept = answered.cookies && { cookies: mapped(answered.cookies, shown) };
    const content = answered.content && fileIn(answered.content, answered, used?.secret);
    const answer = { status, headers: mapped(answered.headers, shown), text: shown(answered.text), bytes, ...(content && { content }), ...kept };
    return { answer, record: { kind: 'http', method, url: url.href, status, bytes, latencyMs } };
  };
}
