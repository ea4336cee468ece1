import { AppError } from '@switchyard/shared/errors.ts';
import type { Log } from '../../log.ts';
import { DEFAULT_WORKSPACE, type SessionRecord, sessions as sessionRecords, settings } from '../../store/collections.ts';
import type { Page, Store, WorkspaceStore } from '../../store/port.ts';
import { type ApiTokens, createApiTokens } from './api-tokens.ts';
import { createAttempts } from './attempts.ts';
import { ANYBODY, type Caller, type Credentials } from './caller.ts';
import { hashPassword, passwordFits } from './password.ts';
import { createSessions, type Sessions } from './sessions.ts';

/*
 * Who is let in. Owns: the one password of an installation, sessions, API tokens, and what a caller is known by. Does not own: how a
 * request carries them (http/sign-in/).
 * Invariants: 1. The password of the environment is the truth: the store has its hash alone, and a session never outlives the password
 * under which it began. 2. Without a password everybody is let in, and config.ts sees to it that only this machine can call.
 * 3. Nothing here logs or throws a password, a token or a hash.
 */

export interface SignIn {
  /** False on a server without a password. */
  readonly needed: boolean;
  readonly sessions: Sessions;
  readonly tokens: ApiTokens;
  /** Who a request comes from; undefined when it brings nothing that is valid. `renewed`: its session goes on for longer. */
  recognise(credentials: Credentials): Promise<Recognised | undefined>;
  /** Begins a session. Throws `wrong-password` or `rate-limited`. */
  signIn(password: string, from: { readonly address: string; readonly userAgent: string }): Promise<{ caller: Caller; token: string }>;
  listSessions(query: { readonly limit: number; readonly cursor?: string | undefined }): Promise<Page<SessionRecord>>;
  /** Calls back with the id of each session or token that ends. */
  onEnd(listener: (id: string) => void): void;
}

interface Recognised {
  readonly caller: Caller;
  readonly renewed: boolean;
}

interface SignInParts {
  readonly store: Store;
  readonly password: string | undefined;
  readonly now: () => Date;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

const SAFE_LENGTH = 12;

/** Reads what is kept, and ends all sessions if the password is another than before. */
export async function openSignIn({ store, password, now, log }: SignInParts): Promise<SignIn> {
  const workspaceId = DEFAULT_WORKSPACE;
  const home = store.in(workspaceId);
  const listeners: ((id: string) => void)[] = [];
  const ended = (id: string): void => {
    for (const listener of listeners) listener(id);
  };
  const sessions = createSessions({ store: home, workspaceId, now, ended });
  const tokens = createApiTokens({ store: home, workspaceId, now, ended });
  const attempts = createAttempts(() => now().getTime());
  if (password !== undefined && password.length < SAFE_LENGTH)
    log.warn(`SWITCHYARD_PASSWORD has fewer than ${SAFE_LENGTH} characters; a longer one is harder to guess`);
  const hash = password === undefined ? undefined : await keepHash(home, password, sessions);
  // One after the other: hashing takes a core, and threads that files and names are waited for on.
  let lastCheck: Promise<unknown> = Promise.resolve();
  const fits = (given: string): Promise<boolean> => {
    const check = lastCheck.then(() => hash !== undefined && passwordFits(given, hash));
    lastCheck = check.catch(() => undefined);
    return check;
  };
  return {
    needed: hash !== undefined,
    sessions,
    tokens,
    recognise: async (credentials) => (hash === undefined ? { caller: ANYBODY, renewed: false } : recognise(credentials, sessions, tokens)),
    signIn: async (given, { address, userAgent }) => {
      attempts.take(address);
      if (!(await fits(given))) {
        log.warn({ address }, 'somebody tried to sign in with a wrong password');
        throw new AppError('wrong-password', 'The password is wrong. It is the one that this server was started with, in SWITCHYARD_PASSWORD.');
      }
      attempts.right(address);
      const { record, token } = await sessions.start(userAgent);
      log.info({ sessionId: record.id, address }, 'signed in');
      return { caller: callerOfSession(record), token };
    },
    listSessions: ({ limit, cursor }) =>
      home.find(sessionRecords, { order: { field: 'createdAt', descending: true }, limit, ...(cursor !== undefined && { cursor }) }),
    onEnd: (listener) => {
      listeners.push(listener);
    },
  };
}

async function recognise({ bearer, session }: Credentials, sessions: Sessions, tokens: ApiTokens): Promise<Recognised | undefined> {
  if (bearer !== undefined) {
    const token = await tokens.use(bearer);
    if (!token) return undefined;
    const caller: Caller = { workspaceId: token.workspaceId, actor: { kind: 'token', id: token.id }, by: 'token', id: token.id, expiresAt: null };
    return { caller, renewed: false };
  }
  const found = session === undefined ? undefined : await sessions.use(session);
  return found && { caller: callerOfSession(found.record), renewed: found.renewed };
}

const callerOfSession = ({ id, workspaceId, actor, expiresAt }: SessionRecord): Caller => ({ workspaceId, actor, by: 'session', id, expiresAt });

/** Id of the record that says under which password sessions began. */
const HASH_SETTING = 'passwordHash';

async function keepHash(store: WorkspaceStore, password: string, sessions: Sessions): Promise<string> {
  const kept = (await store.get(settings, HASH_SETTING))?.value;
  if (typeof kept === 'string' && (await passwordFits(password, kept))) return kept;
  // In this order, so that a crash in between leaves no session of the former password.
  await sessions.endAll();
  const hash = await hashPassword(password);
  const record = { id: HASH_SETTING, workspaceId: DEFAULT_WORKSPACE, value: hash };
  if (!(await store.update(settings, HASH_SETTING, { value: hash }))) await store.insert(settings, record);
  return hash;
}
