import { usesTokens } from '@switchyard/shared/contracts/connections/auth.ts';
import { isDataKind } from '@switchyard/shared/contracts/connections/database.ts';
import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { Connection, ConnectionUsage, createConnection, rotateConnection, updateConnection } from '@switchyard/shared/contracts/models.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { DatabaseTarget } from '../../data-servers/databases/database-target.ts';
import type { HttpSecret } from '../../egress/sign-request.ts';
import { connectionKey } from '../../models/calls/attempt.ts';
import type { LimitedConnections } from '../../models/calls/connection-limits.ts';
import type { ModelParts } from '../../models/model-parts.ts';
import { limitsOf, type Providers } from '../../models/provider-access.ts';
import { type ConnectionRecord, connections } from '../../store/collections.ts';
import type { Page, WorkspaceStore } from '../../store/port.ts';
import { actorOf, type Caller } from '../caller.ts';
import { databaseOf } from '../connections/database-target.ts';
import { httpSecretOf } from '../connections/http-secret.ts';
import { beginSignIn, type Finished, finishSignIn, type SignInBy } from '../connections/sign-in-flow.ts';
import { droppedTokens, keepsTokens, tokenUrlMoves } from '../connections/stored-tokens.ts';
import type { TokenKeeper } from '../connections/token-keeper.ts';
import { waitingFor } from '../connections/waiting-runs.ts';
import { followConnections } from './automatic-routes.ts';
import { type ConnectionAuthor, changeConnection, insertConnection } from './change-connection.ts';
import { checkConnection } from './check-connection.ts';
import { connectionUsage } from './connection-usage.ts';
import { connectionView, hintOf, isModelConnection, isRealModel } from './connection-view.ts';
import { createDeletion } from './delete-connection.ts';
import { rotatedSecret } from './rotate-secret.ts';
import { testConnection } from './test-connection.ts';

type CreateBody = BodyOf<typeof createConnection>;
type UpdateBody = BodyOf<typeof updateConnection>;
type ForChange = Pick<Caller, 'kind' | 'id' | 'workspaceId'>;

/** Use cases for connections. Secrets are write-only. */
export interface Connections {
  list(workspaceId: string, page: { limit?: number | undefined; cursor?: string | undefined }): Promise<Page<Connection>>;
  get(workspaceId: string, id: string): Promise<Connection>;
  create(caller: ForChange, body: CreateBody): Promise<Connection>;
  update(caller: ForChange, id: string, body: UpdateBody): Promise<Connection>;
  /** The routes and workflows that use it. */
  usage(workspaceId: string, id: string): Promise<ConnectionUsage>;
  /** Throws `in-use` while a route that a user created or edited uses it. */
  delete(caller: ForChange, id: string, reason?: string): Promise<Connection>;
  /** Restores a connection deleted a few seconds ago, with its secret. Throws `not-found` when that is over. */
  undelete(caller: ForChange, id: string): Promise<Connection>;
  /** Lists the connection's models and stores the outcome as `health`. A failure is a result, not an error. */
  test(workspaceId: string, id: string): Promise<Connection>;
  /** Replaces the secret after a successful test of the new one. Throws the error of the test. */
  rotate(caller: ForChange, id: string, body: BodyOf<typeof rotateConnection>): Promise<Connection>;
  /** The secret of an `http` connection, only for the egress. Throws `unknown-secret` and `reconnect`. */
  secretOf(workspaceId: string, id: string): Promise<HttpSecret>;
  /** The database of a connection, only for its client. Throws `unknown-secret`. */
  databaseOf(workspaceId: string, id: string): Promise<DatabaseTarget>;
  /** Begins a sign-in: returns the URL to open. If no person is needed, signs in and returns null. */
  authorize(by: SignInBy, id: string): Promise<string | null>;
  /** Completes a sign-in with the query of the redirect URL. */
  finishAuthorization(by: Omit<SignInBy, 'redirectUrl'>, answered: URLSearchParams): Promise<Finished>;
}

const missing = (id: string): AppError => new AppError('not-found', `Connection “${id}” not found.`);

function changesOf(record: ConnectionRecord, body: UpdateBody, parts: ModelParts): Partial<ConnectionRecord> {
  const { secret, reason: _reason, ...shown } = body;
  const kept = Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined)) as Partial<ConnectionRecord>;
  const { name, kind, baseUrl, auth } = { ...record, ...kept };
  checkConnection({ name, kind, baseUrl: baseUrl ?? undefined, auth: auth ?? undefined, secret });
  const moved = body.baseUrl !== undefined && body.baseUrl !== record.baseUrl;
  const goesElsewhere = (moved && originOf(body.baseUrl) !== originOf(record.baseUrl)) || tokenUrlMoves(record.auth, auth);
  if (goesElsewhere && record.sealedSecret !== null && secret === undefined) {
    const message = 'The secret belongs to the previous URL. Enter it again for the new URL, or send an empty one to remove it.';
    throw new AppError('bad-request', message, { fields: [{ path: 'secret', message }] });
  }
  return {
    ...kept,
    ...(secret !== undefined && {
      sealedSecret: secret === '' ? null : parts.secrets.seal(secret, record.id),
      secretHint: secret === '' ? null : hintOf(secret),
    }),
    ...(!keepsTokens(record, auth, secret !== undefined) && droppedTokens(record)),
    ...((moved || secret !== undefined || (kept.apiVersion !== undefined && kept.apiVersion !== record.apiVersion)) && { health: null }),
    updatedAt: parts.clock.now().toISOString(),
  };
}

const author = (caller: ForChange, reason?: string): ConnectionAuthor => ({ workspaceId: caller.workspaceId, actor: actorOf(caller), reason });

/** Scheme, host, and port. The origin of a `redis:` URL would be null. */
function originOf(text: string | null | undefined): string {
  if (!text) return '';
  const url = URL.parse(text);
  // Several hosts, of MongoDB.
  if (!url) return /^[^/]*\/\/(?:[^/?#@]*@)?[^/?#]*/.exec(text)?.[0] ?? text;
  return `${url.protocol}//${url.host}`;
}

/** What is tested as soon as it was entered. */
const isTested = (record: ConnectionRecord): boolean => isRealModel(record) || isDataKind(record.kind);

/** Signs in to the service of a connection, with or without a person. */
async function authorize(parts: ConnectionParts, by: SignInBy, id: string): Promise<string | null> {
  const record = await parts.store.in(by.workspaceId).get(connections, id);
  if (!record) throw missing(id);
  const { auth } = record;
  if (auth?.scheme === 'oauth2' && auth.grant === 'authorization-code') return beginSignIn(signInParts(parts), by, { id, auth });
  if (!usesTokens(auth)) throw new AppError('bad-request', `“${record.name}” has a secret of its own and needs no sign-in.`);
  // What was rejected before may be allowed by now.
  if (record.tokens?.status === 'reconnect') await changeConnection(parts, by, record, droppedTokens(record), 'sign-in');
  await parts.keeper.accessToken(by.workspaceId, id);
  return null;
}

async function withWaiting(store: WorkspaceStore, view: Connection): Promise<Connection> {
  const waiting = view.signIn && view.signIn.status !== 'connected' ? await waitingFor(store, view.id) : undefined;
  return waiting ? { ...view, waiting } : view;
}

const signInParts = ({ store, secrets, egress, clock }: ConnectionParts) => ({ store, secrets, clock, fetch: egress.fetchFor({ allowLoopback: false }) });

type ConnectionParts = ModelParts & {
  /** Generates IDs. */
  readonly newId: () => string;
  readonly keeper: TokenKeeper;
  readonly limits?: LimitedConnections | undefined;
};

/** Creates the use cases for connections. `newId` generates the IDs of new ones. */
export function createConnections(parts: ConnectionParts, providers: Providers): Connections {
  const viewOf = (record: ConnectionRecord): Connection => {
    const load = parts.limits?.loadOf(connectionKey(record.workspaceId, record.id));
    return { ...connectionView(record), limits: isModelConnection(record) ? limitsOf(record) : null, ...(load && { load }) };
  };
  const load = async (workspaceId: string, id: string): Promise<ConnectionRecord> => {
    const record = await parts.store.in(workspaceId).get(connections, id);
    if (!record) throw missing(id);
    return record;
  };
  const noteHealth = async (workspaceId: string, record: ConnectionRecord): Promise<ConnectionRecord> => {
    const signIn = usesTokens(record.auth) ? () => parts.keeper.accessToken(workspaceId, record.id) : undefined;
    const { health } = await testConnection(record, parts, providers, signIn);
    const changed = await parts.store.in(workspaceId).update(connections, record.id, { health });
    if (!changed) throw missing(record.id);
    return changed;
  };
  const deletion = createDeletion(parts, providers);
  return {
    async list(workspaceId, { limit, cursor }) {
      const store = parts.store.in(workspaceId);
      const page = await store.find(connections, { ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) });
      return { ...page, items: await Promise.all(page.items.map(async (record) => withWaiting(store, viewOf(record)))) };
    },
    get: async (workspaceId, id) => viewOf(await load(workspaceId, id)),
    async create(caller, { reason, ...draft }) {
      const { workspaceId } = caller;
      checkConnection(draft);
      const record = await insertConnection(parts, author(caller, reason), { ...draft, id: parts.newId() });
      if (!isTested(record)) return viewOf(record);
      // Tested before any route uses it: a rejected API key must not take over the routes of live workflows.
      const tested = await noteHealth(workspaceId, record);
      await followConnections(workspaceId, parts, providers);
      return viewOf(tested);
    },
    async update(caller, id, body) {
      const { workspaceId } = caller;
      const record = await load(workspaceId, id);
      if (record.kind === 'demo') throw new AppError('bad-request', 'The demo model is built in and can’t be changed.');
      let changed = await changeConnection(parts, author(caller, body.reason), record, changesOf(record, body, parts), 'update');
      if (changed.health === null && isTested(changed)) changed = await noteHealth(workspaceId, changed);
      await followConnections(workspaceId, parts, providers, changed.baseUrl === record.baseUrl ? undefined : id);
      return viewOf(changed);
    },
    async delete(caller, id, reason) {
      const record = await load(caller.workspaceId, id);
      if (record.kind === 'demo') throw new AppError('in-use', 'The demo model is built in and can’t be deleted.');
      await deletion.delete(author(caller, reason), record);
      return viewOf(record);
    },
    undelete: async (caller, id) => viewOf(await deletion.undelete(author(caller), id)),
    async usage(workspaceId, id) {
      await load(workspaceId, id);
      return connectionUsage(parts.store.in(workspaceId), id);
    },
    async test(workspaceId, id) {
      const changed = await noteHealth(workspaceId, await load(workspaceId, id));
      await followConnections(workspaceId, parts, providers);
      return viewOf(changed);
    },
    async rotate(caller, id, { reason, ...body }) {
      const record = await load(caller.workspaceId, id);
      const changed = await changeConnection(parts, author(caller, reason), record, await rotatedSecret(record, body, parts), 'replace-secret');
      await followConnections(caller.workspaceId, parts, providers);
      return viewOf(changed);
    },
    secretOf: (workspaceId, id) => httpSecretOf(parts, parts.keeper, workspaceId, id),
    databaseOf: (workspaceId, id) => databaseOf(parts, workspaceId, id),
    authorize: (by, id) => authorize(parts, by, id),
    finishAuthorization: (by, answered) => finishSignIn(signInParts(parts), by, answered),
  };
}
