import * as contracts from '@switchyard/shared/contracts/sign-in.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { SignedIn } from '../../services/sign-in/signed-in.ts';
import { Answer, type Api, type Call } from '../register.ts';
import { credentialsOf, noSessionCookie, sessionCookie } from '../sign-in/credentials.ts';
import { type GateParts, signedInOf } from '../sign-in/gate.ts';

/** Signing in and out, and API tokens. */
export const signInRoutes =
  (parts: GateParts) =>
  (api: Api): void => {
    signInCalls(api, parts);
    sessionRoutes(api, parts);
    tokenRoutes(api, parts);
  };

type RawRequest = Call<typeof contracts.signIn>['request'];

const stateOf = (signInNeeded: boolean, signedIn: SignedIn | undefined) => ({
  signInNeeded,
  signedIn: signedIn !== undefined,
  by: signedIn === undefined || signedIn.by === 'nothing' ? null : signedIn.by,
  expiresAt: signedIn?.expiresAt ?? null,
});

function signInCalls(api: Api, { signIn, isSecure }: GateParts): void {
  const recognize = (request: RawRequest) => signIn.recognize(credentialsOf(request.headers));

  api.registerOpen(contracts.getSession, async ({ request }) => stateOf(signIn.needed, await recognize(request)));
  api.registerOpen(contracts.signIn, async ({ request, body }) => {
    if (!signIn.needed) return stateOf(signIn.needed, await recognize(request));
    const { signedIn, token } = await signIn.signIn(body.password, { address: request.ip ?? '', userAgent: request.headers['user-agent'] ?? '' });
    const before = await recognize(request);
    if (before?.by === 'session') await signIn.sessions.end(before.caller.workspaceId, before.id);
    return new Answer(200, stateOf(signIn.needed, signedIn), { 'set-cookie': sessionCookie(token, isSecure(request)) });
  });
}

function sessionRoutes(api: Api, { signIn, isSecure }: GateParts): void {
  api.register(contracts.signOut, async ({ context, request }) => {
    const signedIn = signedInOf(request);
    if (signedIn?.by === 'token') throw new AppError('bad-request', 'An API token has no session to sign out of. Revoke the token instead.');
    if (signedIn?.by === 'session') await signIn.sessions.end(context.workspaceId, signedIn.id);
    return new Answer(200, stateOf(signIn.needed, signIn.needed ? undefined : signedIn), { 'set-cookie': noSessionCookie(isSecure(request)) });
  });
  api.register(contracts.listSessions, async ({ context, request, query }) => {
    const { items, nextCursor } = await signIn.sessions.list(context.workspaceId, query);
    const own = signedInOf(request)?.id;
    return {
      items: items.map(({ id, createdAt, lastSeenAt, expiresAt, userAgent }) => ({ id, createdAt, lastSeenAt, expiresAt, userAgent, current: id === own })),
      nextCursor,
    };
  });
  api.register(
    contracts.signOutEverywhere,
    async ({ context, request }) =>
      new Answer(200, { ended: await signIn.sessions.endAll(context.workspaceId) }, { 'set-cookie': noSessionCookie(isSecure(request)) }),
  );
}

function tokenRoutes(api: Api, { signIn: { tokens } }: GateParts): void {
  api.register(contracts.listTokens, ({ context, query }) => tokens.list(context.workspaceId, query));
  api.register(contracts.createToken, ({ context, body }) => tokens.create(context.caller, body.name, body.scopes));
  api.register(contracts.revokeToken, ({ context, params }) => tokens.revoke(context.workspaceId, params.id));
}
