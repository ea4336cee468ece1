import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/*
 * Pages for people without an account (S77): plain HTML with its own style, and its own script if it has one. The content policy names both by
 * their hashes, so nothing else runs. Every text of a workflow or a caller is escaped. No cookie is read.
 */

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escaped = (text: unknown): string => String(text ?? '').replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

export interface HostedPage {
  readonly html: string;
  /** The content policy, without who may embed it. */
  readonly policy: string;
}

interface Parts {
  readonly title: string;
  /** HTML. */
  readonly body: string;
  /** CSS after the common one. */
  readonly style?: string;
  /** A classic script. It may send requests to this server. */
  readonly script?: string;
}

export function hostedPage({ title, body, style = '', script }: Parts): HostedPage {
  const css = `${STYLE}${style}`;
  const rules = [
    "default-src 'none'",
    `style-src ${hashOf(css)}`,
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`, "connect-src 'self'"]),
    "form-action 'self'",
    "base-uri 'none'",
  ];
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<style>${css}</style>
</head>
<body><main>${body}</main>${script === undefined ? '' : `<script>${script}</script>`}</body>
</html>
`;
  return { html, policy: rules.join('; ') };
}

const hashes = new Map<string, string>();

/** Styles and scripts are constants, so each is hashed once. */
function hashOf(text: string): string {
  const hash = hashes.get(text) ?? `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  hashes.set(text, hash);
  return hash;
}

/** A page that says why there is nothing here, or why nothing was sent. */
export const messagePage = (title: string, message: string): HostedPage =>
  hostedPage({ title, body: `<h1>${escaped(title)}</h1><p role="alert">${escaped(message)}</p>` });

/** Sends a page. Only the pages of `frameAncestors` may embed it. */
export function sendPage(response: ServerResponse, status: number, { html, policy }: HostedPage, frameAncestors: readonly string[]): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(html),
    'content-security-policy': `${policy}; frame-ancestors ${frameAncestors.length === 0 ? "'none'" : frameAncestors.join(' ')}`,
    'referrer-policy': 'no-referrer',
  });
  response.end(response.req.method === 'HEAD' ? undefined : html);
}

const STYLE = `
:root { color-scheme: light dark; --text: #16181d; --soft: #585e6b; --line: #8a90a0; --back: #f6f7f9; --card: #fff; --accent: #4f46e5; --on: #fff; --wrong: #b42318; }
@media (prefers-color-scheme: dark) { :root { --text: #eceef2; --soft: #a9b0bd; --line: #6b7280; --back: #111318; --card: #1a1d24; --accent: #a5b4fc; --on: #111318; --wrong: #fda29b; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 24px 16px; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 560px; margin: 0 auto; padding: 24px; background: var(--card); border-radius: 12px; overflow-wrap: anywhere; }
h1 { margin: 0 0 8px; font-size: 22px; line-height: 1.3; }
p { margin: 0 0 8px; white-space: pre-line; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;
