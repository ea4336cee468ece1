import * as contracts from '@switchyard/shared/contracts/sign-in.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Express } from 'express';
import type { Caller } from '../../services/sign-in/caller.ts';
import { Answer, type Call, register } from '../register.ts';
import { credentialsOf, noSessionCookie, sessionCookie } from '../sign-in/credentials.ts';
import { callerOf, type GateParts } from '../sign-in/gate.ts';

/** Signing in and out, and API tokens. */
export function signInRoutes(parts: GateParts): (app: Express) => void {
  return (app) => {
    sessionRoutes(app, parts);
    tokenRoutes(app, parts);
  };
}

function sessionRoutes(app: Express, { signIn, isSecure }: GateParts): void {
  const stateOf = (caller: Caller | undefined) => ({
    signInNeeded: signIn.needed,
    signedIn: caller !== undefined,
    by: caller === undefined || caller.by === 'nothing' ? null : caller.by,
    expiresAt: caller?.expiresAt ?? null,
  });
  const comesFrom = async ({ request }: { request: Call<typeof contracts.signIn>['request'] }): Promise<Caller | undefined> =>
    (await signIn.recognise(credentialsOf(request.headers)))?.caller;

  register(app, contracts.getSession, async (call) => stateOf(await comesFrom(call)));
  register(app, contracts.signIn, async (call) => {
    const { request, body } = call;
    if (!signIn.needed) return stateOf(await comesFrom(call));
    const { caller, token } = await signIn.signIn(body.password, { address: request.ip ?? '', userAgent: request.headers['user-agent'] ?? '' });
    const before = await comesFrom(call);
    if (before?.by === 'session') await signIn.sessions.end(before.id);
    return new Answer(200, stateOf(caller), { 'set-cookie': sessionCookie(token, isSecure(request)) });
  });
  register(app, contracts.signOut, async ({ request }) => {
    const caller = callerOf(request);
    if (caller?.by === 'token') throw new AppError('bad-request', 'An API token has no session to sign out of. Revoke the token instead.');
    if (caller?.by === 'session') await signIn.sessions.end(caller.id);
    return new Answer(200, stateOf(signIn.needed ? undefined : caller), { 'set-cookie': noSessionCookie(isSecure(request)) });
  });
  register(app, contracts.listSessions, async ({ request, query }) => {
    const { items, nextCursor } = await signIn.listSessions(query);
    const own = callerOf(request)?.id;
    return {
      items: items.map(({ id, createdAt, lastSeenAt, expiresAt, userAgent }) => ({ id, createdAt, lastSeenAt, expiresAt, userAgent, current: id === own })),
      nextCursor,
    };
  });
  register(
    app,
    contracts.signOutEverywhere,
    async ({ request }) => new Answer(200, { ended: await signIn.sessions.endAll() }, { 'set-cookie': noSessionCookie(isSecure(request)) }),
  );
}

function tokenRoutes(app: Express, { signIn: { tokens } }: GateParts): void {
  register(app, contracts.listTokens, ({ query }) => tokens.list(query));
  register(app, contracts.createToken, ({ request, body }) => {
    // Whoever finds a token must not be able to outlive its being revoked.
    if (callerOf(request)?.by === 'token') throw new AppError('forbidden', 'An API token cannot make another one. Sign in with the password.');
    return tokens.create(body.name);
  });
  register(app, contracts.revokeToken, ({ params }) => tokens.revoke(params.id));
}
