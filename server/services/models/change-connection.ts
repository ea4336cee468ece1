import { DEFAULT_AZURE_API_VERSION } from '@switchyard/shared/contracts/models.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import type { Actor } from '@switchyard/shared/run/actor.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import type { ModelParts } from '../../models/model-parts.ts';
import { type ConnectionRecord, connections } from '../../store/collections.ts';
import { recordChange } from '../changes/record-change.ts';
import type { ConnectionDraft } from './check-connection.ts';
import { hintOf } from './connection-view.ts';

/* Changes connections, and records each change (S68). Secrets are never part of a record, and neither are their last characters. */

export interface ConnectionAuthor {
  readonly workspaceId: string;
  readonly actor: Actor;
  readonly reason?: string | undefined;
}

type ChangeParts = Pick<ModelParts, 'store' | 'clock'>;

/** Connections of earlier versions have none. */
export const revisionOf = ({ revision = 1 }: ConnectionRecord): number => revision;

/** What the audit trail shows. If a secret was replaced by another, it is `replaced`. */
function shown({ name, kind, baseUrl, auth, apiVersion, limits, sealedSecret, account, expiresAt, tokens }: ConnectionRecord, before?: ConnectionRecord) {
  const replaced = before !== undefined && before.sealedSecret !== null && sealedSecret !== before.sealedSecret;
  const secret = sealedSecret === null ? 'none' : replaced ? 'replaced' : 'set';
  const signIn = tokens && { signedIn: tokens.sealed !== null, signInReason: tokens.reason };
  return {
    name,
    kind,
    baseUrl,
    auth,
    ...(apiVersion && { apiVersion }),
    limits: limits ?? null,
    ...(account && { account }),
    ...(expiresAt && { expiresAt }),
    ...signIn,
    secret,
  };
}

const OTHER_NAME = 'Choose another name.';

interface Intent {
  readonly record: ConnectionRecord;
  readonly action: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly revision: number;
}

const record = (
  { store, clock }: ChangeParts,
  { workspaceId, actor, reason }: ConnectionAuthor,
  { record: { id }, ...intent }: Intent,
  apply: () => Promise<ConnectionRecord | undefined>,
) => recordChange({ stores: store, now: clock.now }, { workspaceId, actor, reason, subject: { kind: 'connection', id }, ...intent }, apply);

function recordOf(workspaceId: string, draft: ConnectionDraft & { readonly id: string; readonly at: string }, parts: ModelParts): ConnectionRecord {
  const { id, at, name, kind, baseUrl, auth, secret, apiVersion, limits, service, account, expiresAt } = draft;
  return {
    id,
    workspaceId,
    name,
    kind,
    baseUrl: baseUrl ?? null,
    auth: kind === 'http' ? (auth ?? { scheme: 'bearer' }) : null,
    sealedSecret: secret ? parts.secrets.seal(secret, id) : null,
    secretHint: secret ? hintOf(secret) : null,
    ...(kind === 'azure-openai' && { apiVersion: apiVersion ?? DEFAULT_AZURE_API_VERSION }),
    limits: limits ?? null,
    ...(service !== undefined && { service }),
    ...(account && { account }),
    ...(expiresAt && { expiresAt }),
    revision: 1,
    createdAt: at,
    updatedAt: at,
    health: null,
  };
}

/** Checked before a change is recorded, so a taken name leaves no unapplied change in the audit trail. */
async function requireFree({ store }: ChangeParts, { workspaceId }: ConnectionAuthor, name: string, advice: string): Promise<void> {
  const { items } = await store.in(workspaceId).find(connections, { where: { name }, limit: 1 });
  if (items.length > 0) throw nameTaken(name, advice);
}

const nameTaken = (name: string, advice: string): AppError => new AppError('already-exists', `A connection named “${name}” already exists. ${advice}`);

/** Inserts a record under a name that must be free. */
async function insert(parts: ChangeParts, by: ConnectionAuthor, added: ConnectionRecord, action: string, advice: string): Promise<ConnectionRecord> {
  const store = parts.store.in(by.workspaceId);
  await requireFree(parts, by, added.name, advice);
  return record(parts, by, { record: added, action, before: null, after: shown(added), revision: revisionOf(added) }, async () => {
    await store.insert(connections, added).catch((thrown: unknown) => {
      throw isAppError(thrown, 'already-exists') ? nameTaken(added.name, advice) : thrown;
    });
    return added;
  });
}

/** Inserts a connection under a new or given ID. Throws `already-exists` if its name is taken. */
export const insertConnection = (parts: ModelParts, by: ConnectionAuthor, draft: ConnectionDraft & { readonly id: string }): Promise<ConnectionRecord> =>
  insert(parts, by, recordOf(by.workspaceId, { ...draft, at: parts.clock.now().toISOString() }, parts), 'create', OTHER_NAME);

/** Inserts a deleted connection again. Throws `already-exists` if its name was taken in the meantime. */
export const restoreConnection = (parts: ChangeParts, by: ConnectionAuthor, deleted: ConnectionRecord): Promise<ConnectionRecord> =>
  // The deletion made a revision of its own.
  insert(parts, by, { ...deleted, revision: revisionOf(deleted) + 2 }, 'undelete', 'Rename it, then try again.');

/** Changes a connection. Throws `revision-conflict` if it was changed since `current` was read. */
export async function changeConnection(
  parts: ChangeParts,
  by: ConnectionAuthor,
  current: ConnectionRecord,
  changes: Partial<ConnectionRecord>,
  action: 'update' | 'replace-secret' | 'sign-in',
): Promise<ConnectionRecord> {
  const revision = revisionOf(current) + 1;
  const before = shown(current);
  const after = shown({ ...current, ...changes }, current);
  if (action !== 'sign-in' && sameJson(before, after)) return current;
  if (after.name !== before.name) await requireFree(parts, by, after.name, OTHER_NAME);
  return record(parts, by, { record: current, action, before, after, revision }, () =>
    parts.store.in(by.workspaceId).update(connections, current.id, { ...changes, revision }, { equal: { revision: current.revision ?? null } }),
  );
}

/** Deletes a connection. */
export async function removeConnection(parts: ChangeParts, by: ConnectionAuthor, current: ConnectionRecord): Promise<void> {
  const store = parts.store.in(by.workspaceId);
  const intent = { record: current, action: 'delete', before: shown(current), after: null, revision: revisionOf(current) + 1 };
  await record(parts, by, intent, async () => ((await store.delete(connections, current.id)) ? current : undefined));
}
