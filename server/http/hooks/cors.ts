import type { IncomingMessage, ServerResponse } from 'node:http';

/*
 * Cross-origin requests (fetch.spec.whatwg.org, CORS). The allowed origins are a setting of the webhook. Cookies are never used, so
 * credentials are not allowed.
 */

const PREFLIGHT_SECONDS = '600';
const READABLE = 'x-run-id, location, retry-after, idempotent-replayed';
/** What a preflight may request: header names, separated by commas. */
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~, -]{1,1000}$/;

/** Lets a page on an allowed origin read any response, including errors. */
export function allowOrigin({ headers: { origin } }: IncomingMessage, response: ServerResponse, origins: readonly string[] = []): boolean {
  if (origins.length === 0) return false;
  const any = origins.includes('*');
  if (!any) response.setHeader('vary', 'origin');
  if (origin === undefined || !(any || origins.includes(origin))) return false;
  response.setHeader('access-control-allow-origin', any ? '*' : origin);
  response.setHeader('access-control-expose-headers', READABLE);
  return true;
}

/** Answers OPTIONS: 204 with the methods and, for a preflight of an allowed origin, what the page may send. */
export function answerOptions(request: IncomingMessage, response: ServerResponse, methods: readonly string[], allowed: boolean): void {
  const { headers } = request;
  const wanted = headers['access-control-request-headers'];
  if (allowed && headers['access-control-request-method'] !== undefined) {
    response.setHeader('access-control-allow-methods', methods.join(', '));
    if (wanted !== undefined && HEADER_NAMES.test(wanted)) response.setHeader('access-control-allow-headers', wanted);
    if (headers['access-control-request-private-network'] === 'true') response.setHeader('access-control-allow-private-network', 'true');
    response.setHeader('access-control-max-age', PREFLIGHT_SECONDS);
  }
  response.writeHead(204, { allow: methods.join(', ') }).end();
}
