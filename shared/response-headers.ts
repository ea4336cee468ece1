import { parseMediaType } from './media-type.ts';

/*
 * Which headers a workflow may set on its responses. The response shares its origin with the editor, so headers that change how a browser
 * treats the origin, steer a proxy, or belong to the connection are left out.
 */

/** Policy for a body chosen by a workflow or a caller: opened in a browser, it can do nothing. */
export const NO_SCRIPTS = "default-src 'none'; sandbox";

const ALLOWED = new Set(
  (
    'age allow cache-control content-digest content-disposition content-language content-location content-type deprecation etag expires idempotency-key ' +
    'last-modified link location pragma preference-applied ratelimit ratelimit-limit ratelimit-policy ratelimit-remaining ratelimit-reset repr-digest ' +
    'request-id retry-after server-timing signature signature-input sunset traceparent tracestate vary warning webhook-id webhook-signature webhook-timestamp'
  ).split(' '),
);
/** Custom headers start with `x-`, except those that browsers, proxies, or Switchyard give a meaning. */
const OWN = /^x-/;
const NOT_OWN =
  /^x-(accel|appengine|content-(security|type)|dns|download|forwarded|frame|http|internal|lighttpd|litespeed|original|permitted|proxy|real|reproxy|rewrite|run-id|sendfile|sourcemap|ua|webkit|xss)/;

/** Why a workflow can't set this header to this value, as a sentence. Undefined if it can. Without a value, checks the name only. */
export function responseHeaderFault(name: string, value?: string): string | undefined {
  const lower = name.toLowerCase();
  if (lower === 'set-cookie') return 'Workflows can’t set cookies. The header “set-cookie” is left out of the response.';
  if (lower.startsWith('access-control-'))
    return `The header “${lower}” is left out of the response. Set the allowed origins in the webhook’s settings instead.`;
  if (!ALLOWED.has(lower) && (!OWN.test(lower) || NOT_OWN.test(lower)))
    return `Workflows can’t set the header “${lower}”. It is left out of the response. Names that start with “x-” are allowed.`;
  if (lower === 'content-type' && value !== undefined && !parseMediaType(value))
    return `“${value}” is not one media type, for example text/html; charset=utf-8. The header is left out of the response.`;
  return undefined;
}
