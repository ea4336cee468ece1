import { expect, test } from 'vitest';
import { responseHeaderFault } from './response-headers.ts';

test.each(['content-type', 'Cache-Control', 'location', 'retry-after', 'x-topic', 'X-Request-Id', 'etag', 'ratelimit-remaining'])(
  'allows workflows to set %s',
  (name) => {
    expect(responseHeaderFault(name, 'text/plain')).toBeUndefined();
  },
);

test.each([
  'Set-Cookie',
  'set-cookie2',
  'clear-site-data',
  'strict-transport-security',
  'nel',
  'report-to',
  'reporting-endpoints',
  'alt-svc',
  'x-accel-redirect',
  'X-Accel-Buffering',
  'x-sendfile',
  'service-worker-allowed',
  'refresh',
  'www-authenticate',
  'access-control-allow-origin',
  'content-security-policy',
  'content-encoding',
  'x-frame-options',
  'x-content-type-options',
  'x-run-id',
  'transfer-encoding',
  'content-length',
  'sourcemap',
  'x-sourcemap',
  'public-key-pins',
  'origin-agent-cluster',
  'speculation-rules',
  'authorization',
])('does not allow workflows to set %s, and names it in the reason', (name) => {
  expect(responseHeaderFault(name)).toContain(name.toLowerCase());
});

test('requires a content type to be one media type', () => {
  expect(responseHeaderFault('content-type', 'text/html; charset=utf-8')).toBeUndefined();
  for (const value of ['text/plain, text/html', 'text/plain\ttext/html', '', 'html', 'text/html; x'])
    expect(responseHeaderFault('content-type', value), value).toBeDefined();
});
