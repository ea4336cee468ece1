import type { OAuth2 } from '@switchyard/shared/contracts/connections/auth.ts';
import { AppError, toAppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import * as oauth from 'oauth4webapi';
import { signedAssertion } from './service-account.ts';

/*
 * Asks a token endpoint for tokens, through the guarded egress. Owns how its answers are read, also those that don’t follow RFC 6749:
 * errors with status 200, tokens in a nested object, HTML of a proxy.
 */

/** Tokens as the service returned them. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly expiresInMs: number | undefined;
  readonly scopes: string[] | undefined;
  /** The account or workspace, if the answer names one. */
  readonly account: string | undefined;
}

/** Whether the endpoint may have acted on a request that failed. */
export type TokenFailure =
  /** It rejected the request for good. */
  | { readonly kind: 'refused'; readonly error: AppError }
  /** No response came, but the request may have arrived. */
  | { readonly kind: 'unanswered'; readonly error: AppError }
  /** It wasn’t reached, or answered something else. Another request may succeed. */
  | { readonly kind: 'failed'; readonly error: AppError };

export type TokenAnswer = { readonly kind: 'tokens'; readonly tokens: Tokens } | TokenFailure;

export type TokenGrant =
  | { readonly kind: 'code'; readonly auth: OAuth2; readonly parameters: URLSearchParams; readonly redirectUrl: string; readonly verifier: string }
  | { readonly kind: 'refresh'; readonly auth: OAuth2; readonly refreshToken: string }
  | { readonly kind: 'client-credentials'; readonly auth: OAuth2 }
  | { readonly kind: 'service-account'; readonly scopes: readonly string[]; readonly subject: string | undefined; readonly skewMs: number };

export interface TokenRequestParts {
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  /** The client secret, or the key file of a service account. */
  readonly secret: string | undefined;
}

/** Two fit into a lease (token-keeper.ts). */
const ANSWER_MS = 12_000;
const MOST_QUOTED = 200;

export async function requestTokens(parts: TokenRequestParts, grant: TokenGrant): Promise<TokenAnswer> {
  let where = grant.kind === 'service-account' ? 'The token URL' : `“${new URL(grant.auth.tokenUrl).host}”`;
  let response: Response;
  try {
    if (grant.kind === 'service-account') {
      const assertion = signedAssertion(parts.secret ?? '', grant, parts.now());
      where = `“${new URL(assertion.tokenUrl).host}”`;
      response = await postAssertion(parts, assertion);
    } else response = await post(parts, grant);
  } catch (thrown) {
    return unreachable(thrown, where);
  }
  return read(response, where).catch((thrown: unknown) => unreachable(thrown, where));
}

const serverOf = (tokenUrl: string): oauth.AuthorizationServer => ({ issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl });

const optionsOf = ({ fetch }: TokenRequestParts) => ({
  [oauth.customFetch]: (url: string, init: RequestInit) => fetch(url, init),
  // Whether plain HTTP may be used is decided by the egress and the URL that the operator entered.
  [oauth.allowInsecureRequests]: true,
  signal: AbortSignal.timeout(ANSWER_MS),
});

function clientAuthOf({ clientAuth }: OAuth2, secret: string | undefined): oauth.ClientAuth {
  if (!secret) return oauth.None();
  return clientAuth === 'basic' ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret);
}

function post(parts: TokenRequestParts, grant: Exclude<TokenGrant, { kind: 'service-account' }>): Promise<Response> {
  const { auth } = grant;
  const server = serverOf(auth.tokenUrl);
  const client = { client_id: auth.clientId };
  const clientAuth = clientAuthOf(auth, parts.secret);
  const options = optionsOf(parts);
  if (grant.kind === 'refresh') return oauth.refreshTokenGrantRequest(server, client, clientAuth, grant.refreshToken, options);
  if (grant.kind === 'code')
    return oauth.authorizationCodeGrantRequest(server, client, clientAuth, grant.parameters, grant.redirectUrl, grant.verifier, options);
  const parameters = { ...auth.parameters, ...(auth.scopes.length > 0 && { scope: auth.scopes.join(' ') }) };
  return oauth.clientCredentialsGrantRequest(server, client, clientAuth, parameters, options);
}

function postAssertion(parts: TokenRequestParts, { tokenUrl, assertion }: { tokenUrl: string; assertion: string }): Promise<Response> {
  const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  // The grant has no client: the assertion names the account. The library sends its ID, which the endpoint ignores.
  return oauth.genericTokenEndpointRequest(serverOf(tokenUrl), { client_id: 'service-account' }, withoutClient, grant, { assertion }, optionsOf(parts));
}

const withoutClient: oauth.ClientAuth = (_server, _client, body) => body.delete('client_id');

/** Failures before anything was sent say so (`beforeEffect`). */
function unreachable(thrown: unknown, where: string): TokenFailure {
  const cause = causeOf(thrown);
  if (isTimeout(thrown)) {
    const error = new AppError('timeout', `${where} didn’t return a token within ${ANSWER_MS / 1_000} s.`, { beforeEffect: true, cause: thrown });
    return { kind: 'unanswered', error };
  }
  const known = toAppError(cause, 'connect-failed');
  const isUnanswered = (known.code === 'connect-failed' || known.code === 'timeout') && !known.beforeEffect;
  // The request of the step itself wasn’t sent.
  const error = new AppError(known.code, known.message, { beforeEffect: true, cause: thrown });
  if (known.code === 'unknown-secret') return { kind: 'refused', error };
  return { kind: isUnanswered ? 'unanswered' : 'failed', error };
}

const isTimeout = (thrown: unknown): boolean => thrown instanceof DOMException && thrown.name === 'TimeoutError';

const causeOf = (thrown: unknown): unknown =>
  thrown instanceof Error && !(thrown instanceof AppError) && thrown.cause instanceof AppError ? thrown.cause : thrown;

/** OAuth errors that a retry can’t fix, in words. */
const FINAL = new Map([
  ['invalid_grant', 'rejected the refresh token'],
  ['invalid_client', 'rejected the client ID or secret'],
  ['unauthorized_client', 'doesn’t allow this application to sign in this way'],
  ['unsupported_grant_type', 'doesn’t support this way to sign in'],
  ['invalid_scope', 'doesn’t know a scope'],
  ['invalid_request', 'rejected the request'],
  // Of GitHub and Slack.
  ['bad_refresh_token', 'rejected the refresh token'],
  ['bad_verification_code', 'rejected the code'],
  ['incorrect_client_credentials', 'rejected the client ID or secret'],
  ['invalid_refresh_token', 'rejected the refresh token'],
  ['invalid_code', 'rejected the code'],
  ['invalid_client_id', 'rejected the client ID'],
  ['bad_client_secret', 'rejected the client secret'],
  ['token_revoked', 'revoked the token'],
]);

async function read(response: Response, where: string): Promise<TokenAnswer> {
  const body = parsed(await response.text());
  const code = body && stringIn(body, 'error');
  if (code !== undefined) return errorAnswer({ code, description: body && stringIn(body, 'error_description') }, response, where);
  const source = body && tokenSource(body);
  const accessToken = source && stringIn(source, 'access_token');
  if (body && source && accessToken !== undefined && response.ok) return { kind: 'tokens', tokens: tokensOf(body, source, accessToken) };
  if (response.status === 401)
    return { kind: 'refused', error: new AppError('reconnect', `${where} rejected the client ID or secret.`, { beforeEffect: true }) };
  const type = response.headers.get('content-type')?.split(';')[0] ?? 'no content type';
  const message = `${where} returned ${response.status} with ${body ? 'JSON that has no token' : type} instead of a token.`;
  return { kind: 'failed', error: new AppError(response.status >= 500 ? 'connect-failed' : 'bad-response', message, { beforeEffect: true }) };
}

function errorAnswer({ code, description }: { code: string; description: string | undefined }, response: Response, where: string): TokenFailure {
  const known = FINAL.get(code);
  const detail = description ? ` (${code}: ${description.slice(0, MOST_QUOTED)})` : ` (${code.slice(0, MOST_QUOTED)})`;
  const isFinal = known !== undefined || (response.status >= 400 && response.status < 500 && response.status !== 429);
  const message = `${where} ${known ?? 'rejected the request'}${detail}.`;
  const details = skewOf(response);
  if (isFinal) return { kind: 'refused', error: new AppError('reconnect', message, { beforeEffect: true, details }) };
  return { kind: 'failed', error: new AppError('connect-failed', `${where} is unavailable${detail}.`, { beforeEffect: true }) };
}

/** How far the clock of the server differs, by its `Date`. */
function skewOf(response: Response): { serverTime?: string } {
  const at = Date.parse(response.headers.get('date') ?? '');
  return Number.isFinite(at) ? { serverTime: new Date(at).toISOString() } : {};
}

type Body = Readonly<Record<string, unknown>>;

function parsed(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isPlainObject(value) ? value : undefined;
  } catch {
    // Some servers answer as a form, whatever is asked for.
    return /^[\w.~%+-]+=[^<>\s]*$/.test(text) ? Object.fromEntries(new URLSearchParams(text)) : undefined;
  }
}

const stringIn = (body: Body, name: string): string | undefined => {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** Slack nests the token of a person. */
const tokenSource = (body: Body): Body => (stringIn(body, 'access_token') === undefined && isPlainObject(body.authed_user) ? body.authed_user : body);

function tokensOf(body: Body, source: Body, accessToken: string): Tokens {
  const seconds = Number(source.expires_in);
  const scope = stringIn(source, 'scope');
  return {
    accessToken,
    refreshToken: stringIn(source, 'refresh_token'),
    expiresInMs: source.expires_in !== undefined && Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined,
    scopes: scope?.split(/[\s,]+/).filter((one) => one !== ''),
    account: accountIn(body),
  };
}

function accountIn(body: Body): string | undefined {
  const claims = claimsIn(stringIn(body, 'id_token'));
  const team = isPlainObject(body.team) ? stringIn(body.team, 'name') : undefined;
  const named = claims && (stringIn(claims, 'email') ?? stringIn(claims, 'preferred_username') ?? stringIn(claims, 'name'));
  return (named ?? team ?? stringIn(body, 'workspace_name') ?? stringIn(body, 'hub_domain'))?.slice(0, MOST_QUOTED);
}

/** The claims of an ID token. It came from the token endpoint itself, so its signature proves nothing more; it is only a label here. */
function claimsIn(idToken: string | undefined): Body | undefined {
  const payload = idToken?.split('.')[1];
  return payload === undefined ? undefined : parsed(Buffer.from(payload, 'base64url').toString('utf8'));
}
