import { allContracts } from '@switchyard/shared/contracts/all.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type Request, type Response, Router } from 'express';
import type { SignIn } from '../../services/sign-in/sign-in.ts';
import type { SignedIn } from '../../services/sign-in/signed-in.ts';
import { credentialsOf, sessionCookie } from './credentials.ts';

/*
 * Guards everything under /api, /v1, and /metrics, and lets signed-in callers through. A contract declares whether it is open. Everything
 * else needs sign-in, including unknown paths. The same router matches the gate and the operations, so no spelling of a URL means one thing
 * here and another there. The page's files, review links, and webhooks are not guarded. Scopes are checked in register.ts.
 */

const known = new WeakMap<Request, SignedIn>();

/** The authenticated caller. Undefined for an open operation. */
export const signedInOf = (request: Request): SignedIn | undefined => known.get(request);

export interface GateParts {
  readonly signIn: SignIn;
  /** Whether the browser uses HTTPS, directly or through a proxy. */
  readonly isSecure: (request: Request) => boolean;
}

export function createGate(parts: GateParts): Router {
  const gate = Router();
  for (const { method, path } of allContracts.filter(({ open }) => open)) {
    gate[method.toLowerCase() as Lowercase<typeof method>](path, (_request, _response, next) => next('router'));
  }
  gate.use(['/api', '/v1', '/metrics'], async (request, response, next) => {
    known.set(request, await admit(parts, request, response));
    next();
  });
  return gate;
}

/** Identifies the caller. Throws `unauthorized`, or `bad-origin` for a write that a browser sends for another site. */
async function admit({ signIn, isSecure }: GateParts, request: Request, response: Response): Promise<SignedIn> {
  const credentials = credentialsOf(request.headers);
  const signedIn = await signIn.recognize(credentials);
  if (!signedIn) throw notSignedIn(credentials.bearer !== undefined);
  if (credentials.bearer === undefined) refuseForeignWrites(request);
  if (signedIn.renewed && credentials.session !== undefined) response.setHeader('set-cookie', sessionCookie(credentials.session, isSecure(request)));
  return signedIn;
}

const notSignedIn = (withToken: boolean): AppError =>
  new AppError(
    'unauthorized',
    withToken
      ? 'This API token is invalid or revoked. Create a new one under Settings.'
      : 'Sign in to continue: in a browser on this server’s page, or in a program with “Authorization: Bearer” and an API token from Settings.',
  );

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const OUR_SITES = new Set(['same-origin', 'none', undefined]);

/** In addition to the Origin check that every request has passed: browsers send Sec-Fetch-Site even without Origin. */
function refuseForeignWrites({ method, headers }: Request): void {
  const site = headers['sec-fetch-site'];
  if (READS.has(method) || OUR_SITES.has(typeof site === 'string' ? site : undefined)) return;
  throw new AppError('bad-origin', 'Requests from pages of other sites are not allowed.');
}
