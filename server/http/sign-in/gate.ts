import { allContracts } from '@switchyard/shared/contracts/all.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type Request, type Response, Router } from 'express';
import type { Caller } from '../../services/sign-in/caller.ts';
import type { SignIn } from '../../services/sign-in/sign-in.ts';
import { credentialsOf, sessionCookie } from './credentials.ts';

/*
 * Stands before everything under /api and /metrics and lets through who has signed in. What needs no sign-in says so in its contract;
 * all else does, calls that do not exist too. It is matched by the same router as the calls themselves, so that no way of writing an
 * address means one thing here and another there. The page's own files, review links and webhooks are outside of it.
 */

const callers = new WeakMap<Request, Caller>();

/** Whoever the gate let in; undefined on a call that is open to all. */
export const callerOf = (request: Request): Caller | undefined => callers.get(request);

export interface GateParts {
  readonly signIn: SignIn;
  /** Whose records are behind it: whoever belongs to another workspace is not let in. */
  readonly workspaceId: string;
  /** Whether the browser speaks HTTPS, with us or with a proxy in front. */
  readonly isSecure: (request: Request) => boolean;
}

export function createGate(parts: GateParts): Router {
  const gate = Router();
  for (const { method, path } of allContracts.filter(({ open }) => open)) {
    gate[method.toLowerCase() as Lowercase<typeof method>](path, (_request, _response, next) => next('router'));
  }
  gate.use(['/api', '/metrics'], async (request, response, next) => {
    callers.set(request, await admit(parts, request, response));
    next();
  });
  return gate;
}

/** Recognises whoever calls. Throws `unauthorized`, or `bad-origin` when another site uses a browser's session. */
async function admit({ signIn, workspaceId, isSecure }: GateParts, request: Request, response: Response): Promise<Caller> {
  const credentials = credentialsOf(request.headers);
  const known = await signIn.recognise(credentials);
  if (known?.caller.workspaceId !== workspaceId) throw notSignedIn(credentials.bearer !== undefined);
  if (known.caller.by === 'session') refuseForeignWrites(request);
  if (known.renewed && credentials.session !== undefined) response.setHeader('set-cookie', sessionCookie(credentials.session, isSecure(request)));
  return known.caller;
}

const notSignedIn = (withToken: boolean): AppError =>
  new AppError(
    'unauthorized',
    withToken
      ? 'This API token is not valid, or was revoked. Make another one under Settings.'
      : 'Sign in first: in a browser on this server’s page, in a program by “Authorization: Bearer” with an API token from Settings.',
  );

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const OUR_SITES = new Set(['same-origin', 'none', undefined]);

/** Beside the check of Origin, which every request has passed: a browser that leaves it out still says where a write comes from. */
function refuseForeignWrites({ method, headers }: Request): void {
  const site = headers['sec-fetch-site'];
  if (READS.has(method) || OUR_SITES.has(typeof site === 'string' ? site : undefined)) return;
  throw new AppError('bad-origin', 'Requests from pages of other sites are not allowed.');
}
