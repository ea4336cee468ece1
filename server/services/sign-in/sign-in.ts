import { AppError } from '@switchyard/shared/errors.ts';
import { OWNER, readActor } from '@switchyard/shared/run/actor.ts';
import type { Log } from '../../log.ts';
import { settings } from '../../store/collections.ts';
import type { Store } from '../../store/port.ts';
import type { ApiTokenRecord, SessionRecord } from '../../store/sign-in-collections.ts';
import { ALL_SCOPES } from '../caller.ts';
import { createApiTokens, scopesOf } from './api-tokens.ts';
import { createAttempts } from './attempts.ts';
import { hashPassword, passwordFits } from './password.ts';
import { createSessions, type Sessions } from './sessions.ts';
import type { Credentials, SignedIn } from './signed-in.ts';

/*
 * Authenticates callers. Owns the password of the installation, sessions, API tokens, and the caller behind each. Does not own
 * how a request carries them (http/sign-in/).
 * Invariants: 1. The password in the environment is the truth: the store has only its hash, and a session never outlives the password it
 * was created under. 2. Without a password everyone is allowed, and config.ts ensures that only this machine can connect. 3. Nothing here
 * logs or throws a password, a token, or a hash.
 */

export type SignIn = Awaited<ReturnType<typeof openSignIn>>;

interface SignInParts {
  readonly stores: Store;
  /** The workspace that the password leads to. */
  readonly home: string;
  readonly password: string | undefined;
  readonly now: () => Date;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

interface Recognized extends SignedIn {
  /** Its session was extended. */
  readonly renewed: boolean;
}

const SAFE_LENGTH = 12;

/** Reads what is stored, and ends all sessions if the password has changed. */
export async function openSignIn({ stores, home, password, now, log }: SignInParts) {
  const listeners: ((id: string) => void)[] = [];
  const ended = (id: string): void => {
    for (const listener of listeners) listener(id);
  };
  const sessions = createSessions({ stores, now, ended });
  const tokens = createApiTokens({ stores, now, ended });
  const attempts = createAttempts(() => now().getTime());
  if (password !== undefined && password.length < SAFE_LENGTH)
    log.warn(`SWITCHYARD_PASSWORD has fewer than ${SAFE_LENGTH} characters. A longer one is harder to guess`);
  const hash = password === undefined ? undefined : await keepHash(stores, home, password, sessions);
  const everyone: Recognized = { caller: { ...OWNER, ...ownerOf(home) }, by: 'nothing', id: '', expiresAt: null, renewed: false };
  // One at a time: hashing occupies a core and a thread that file access and DNS need too.
  let lastCheck: Promise<unknown> = Promise.resolve();
  const fits = (given: string): Promise<boolean> => {
    const check = lastCheck.then(() => hash !== undefined && passwordFits(given, hash));
    lastCheck = check.catch(() => undefined);
    return check;
  };
  return {
    /** False on a server without a password. */
    needed: hash !== undefined,
    sessions,
    tokens,
    /** The caller of a request. Undefined if its credentials are missing or invalid. */
    recognize: async ({ bearer, session }: Credentials): Promise<Recognized | undefined> => {
      if (hash === undefined) return everyone;
      if (bearer !== undefined) {
        const token = await tokens.use(bearer);
        return token && { ...signedInByToken(token), renewed: false };
      }
      const found = session === undefined ? undefined : await sessions.use(session);
      return found && { ...signedInBySession(found.record), renewed: found.renewed };
    },
    /** Starts a session. Throws `wrong-password` or `rate-limited`. */
    signIn: async (given: string, { address, userAgent }: { readonly address: string; readonly userAgent: string }) => {
      attempts.take(address);
      if (!(await fits(given))) {
        log.warn({ address }, 'Sign-in failed: wrong password');
        throw new AppError('wrong-password', 'Wrong password. Use the password set when the server was started (SWITCHYARD_PASSWORD).');
      }
      attempts.right(address);
      const { record, token } = await sessions.start(home, userAgent);
      log.info({ sessionId: record.id, address }, 'Signed in');
      return { signedIn: signedInBySession(record), token };
    },
    /** Calls back with the ID of each session or token that ends. */
    onEnd: (listener: (id: string) => void): void => {
      listeners.push(listener);
    },
  };
}

const ownerOf = (workspaceId: string) => ({ workspaceId, role: ALL_SCOPES, name: OWNER.id });

const signedInBySession = ({ id, workspaceId, actor, expiresAt }: SessionRecord): SignedIn => ({
  caller: { ...readActor(actor), ...ownerOf(workspaceId) },
  by: 'session',
  id,
  expiresAt,
});

const signedInByToken = (token: ApiTokenRecord): SignedIn => ({
  caller: { kind: 'token', id: token.id, workspaceId: token.workspaceId, role: new Set(scopesOf(token)), name: token.name },
  by: 'token',
  id: token.id,
  expiresAt: null,
});

/** ID of the record with the hash of the password that the sessions belong to. */
const HASH_SETTING = 'passwordHash';

async function keepHash(stores: Store, home: string, password: string, sessions: Sessions): Promise<string> {
  const store = stores.in(home);
  const kept = (await store.get(settings, HASH_SETTING))?.value;
  if (typeof kept === 'string' && (await passwordFits(password, kept))) return kept;
  // In this order, so a crash in between leaves no session of the former password.
  await sessions.endAll(home);
  const hash = await hashPassword(password);
  if (!(await store.update(settings, HASH_SETTING, { value: hash }))) await store.insert(settings, { id: HASH_SETTING, workspaceId: home, value: hash });
  return hash;
}
