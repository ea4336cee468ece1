import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/*
 * A service that speaks OAuth 2.0: an authorize URL that says yes at once, a token endpoint with PKCE and rotating refresh tokens, and an API
 * that takes its access tokens. It can misbehave as real ones do.
 */

type Trouble = 'html' | 'unavailable' | 'silent' | 'broken' | 'slow-after-rotating';

export interface FakeOAuth extends AsyncDisposable {
  readonly url: string;
  /** The bodies of token requests, in order. */
  readonly tokenRequests: Readonly<Record<string, string>>[];
  /** How many API requests had a valid token, and how many hadn’t. */
  readonly api: { accepted: number; rejected: number };
  /** Seconds until access tokens expire, as the service says and as it counts. */
  readonly lifetime: { said: number | undefined; real: number };
  /** Answers the next token requests in this way. */
  trouble(...kinds: Trouble[]): void;
  /** The person withdraws their consent: all tokens end. */
  revoke(): void;
  /** Follows an authorize URL as a browser does. Returns where the service redirects to. */
  consent(authorizeUrl: string, more?: { readonly deny?: boolean }): Promise<string>;
}

const CLIENT = { id: 'client-1', secret: 'client-secret-1' };
export const fakeClient = CLIENT;

interface Code {
  readonly challenge: string;
  readonly redirectUri: string;
}

/** What the service has given out. */
function createGrants(lifetime: FakeOAuth['lifetime']) {
  const codes = new Map<string, Code>();
  const refreshTokens = new Set<string>();
  const accessTokens = new Map<string, number>();
  const issue = (): Record<string, unknown> => {
    const access = `access-${randomUUID()}`;
    const refresh = `refresh-${randomUUID()}`;
    accessTokens.set(access, Date.now() + lifetime.real * 1_000);
    refreshTokens.add(refresh);
    return {
      access_token: access,
      token_type: 'Bearer',
      refresh_token: refresh,
      scope: 'read write',
      ...(lifetime.said !== undefined && { expires_in: lifetime.said }),
      id_token: `x.${Buffer.from(JSON.stringify({ email: 'ada@nordlicht.example' })).toString('base64url')}.y`,
    };
  };
  const exchange = (form: Record<string, string>): Record<string, unknown> => {
    const code = codes.get(form.code ?? '');
    codes.delete(form.code ?? '');
    const challenge = createHash('sha256')
      .update(form.code_verifier ?? '')
      .digest('base64url');
    return code?.challenge === challenge && code.redirectUri === form.redirect_uri ? issue() : { error: 'invalid_grant', error_description: 'Wrong code' };
  };
  return {
    grant: (form: Record<string, string>): Record<string, unknown> => {
      if (form.client_id !== CLIENT.id || form.client_secret !== CLIENT.secret) return { error: 'invalid_client' };
      if (form.grant_type === 'refresh_token') return refreshTokens.delete(form.refresh_token ?? '') ? issue() : { error: 'invalid_grant' };
      if (form.grant_type === 'authorization_code') return exchange(form);
      const { refresh_token: _none, ...tokens } = issue();
      return tokens;
    },
    authorize: (query: URLSearchParams): string => {
      const redirectUri = query.get('redirect_uri') ?? '';
      const to = new URL(redirectUri);
      to.searchParams.set('state', query.get('state') ?? '');
      const code = randomUUID();
      codes.set(code, { challenge: query.get('code_challenge') ?? '', redirectUri });
      if (query.get('client_id') !== CLIENT.id || query.has('deny')) to.searchParams.set('error', 'access_denied');
      else to.searchParams.set('code', code);
      return to.href;
    },
    accepts: (token: string): boolean => (accessTokens.get(token) ?? 0) > Date.now(),
    revoke: (): void => {
      refreshTokens.clear();
      accessTokens.clear();
    },
  };
}

export async function startFakeOAuth(): Promise<FakeOAuth> {
  const troubles: Trouble[] = [];
  const lifetime: FakeOAuth['lifetime'] = { said: 3_600, real: 3_600 };
  const fake = { tokenRequests: [] as Record<string, string>[], api: { accepted: 0, rejected: 0 }, lifetime };
  const grants = createGrants(lifetime);
  const token = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = Object.fromEntries(new URLSearchParams(await textOf(request)));
    fake.tokenRequests.push(form);
    const trouble = troubles.shift();
    if (trouble === 'html') response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in to the Wi-Fi</html>');
    else if (trouble === 'unavailable') response.writeHead(503).end('Try again');
    else if (trouble === 'silent') return;
    else if (trouble === 'broken') response.destroy();
    else {
      const answer = grants.grant(form);
      if (trouble === 'slow-after-rotating') return void response.destroy();
      response.writeHead('error' in answer ? 400 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    }
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    if (url.pathname === '/token') return void token(request, response);
    if (url.pathname === '/authorize') {
      return void response.writeHead(302, { location: grants.authorize(url.searchParams) }).end();
    }
    const valid = grants.accepts(request.headers.authorization?.replace('Bearer ', '') ?? '');
    fake.api[valid ? 'accepted' : 'rejected'] += 1;
    response.writeHead(valid ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: valid }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(fake, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    trouble: (...kinds: Trouble[]) => void troubles.push(...kinds),
    revoke: grants.revoke,
    consent: async (authorizeUrl: string, { deny = false } = {}) => {
      const answer = await fetch(deny ? `${authorizeUrl}&deny=1` : authorizeUrl, { redirect: 'manual' });
      return answer.headers.get('location') ?? '';
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  });
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
