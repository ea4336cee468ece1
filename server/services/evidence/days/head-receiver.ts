import { randomBytes } from 'node:crypto';
import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { HeadReceiver, putHeadReceiver as putContract } from '@switchyard/shared/contracts/insight/daily-heads.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import type { Secrets } from '../../../secrets/secrets.ts';
import { insertIfAbsent } from '../../../store/insert-if-absent.ts';
import { type HeadReceiverRecord, headReceivers } from '../../../store/insight/day-collections.ts';
import type { WorkspaceStore } from '../../../store/port.ts';
import { actorOf } from '../../caller.ts';
import { recordChange } from '../../changes/record-change.ts';
import { type ServiceContext, timestamp } from '../../context.ts';

/* Where daily heads are sent to (S89). Each change is recorded (S68). */

const ID = 'receiver';

/** The additional authenticated data of the secret. */
export const receiverSealName = (workspaceId: string): string => `daily-heads:${workspaceId}`;

export interface ReceiverParts {
  readonly secrets: Pick<Secrets, 'seal'>;
}

export const receiverOf = (store: WorkspaceStore): Promise<HeadReceiverRecord | undefined> => store.get(headReceivers, ID);

const viewOf = (record: HeadReceiverRecord | undefined): HeadReceiver =>
  record
    ? { url: record.url, revision: record.revision, updatedAt: record.updatedAt, actor: readActor(record.actor) }
    : { url: null, revision: 0, updatedAt: null, actor: null };

export const getReceiver = async ({ store }: ServiceContext): Promise<HeadReceiver> => viewOf(await receiverOf(store));

/** Sets the URL. Throws `revision-conflict` if it was changed since `revision`. */
export async function putReceiver(context: ServiceContext, parts: ReceiverParts, { url, revision, reason }: BodyOf<typeof putContract>): Promise<HeadReceiver> {
  const known = await receiverOf(context.store);
  if (revision !== undefined && revision !== (known?.revision ?? 0))
    throw new AppError('revision-conflict', 'The daily head receiver was changed elsewhere. Reload it, then make your change again.');
  const sealedSecret = known?.sealedSecret ?? sealed(context, parts, newSecret());
  return viewOf(await save(context, known, { url, sealedSecret }, { action: known ? 'update' : 'create', reason }));
}

/** Creates a new secret. It is returned only here. */
export async function makeReceiverSecret(context: ServiceContext, parts: ReceiverParts): Promise<{ secret: string }> {
  const known = await receiverOf(context.store);
  if (!known?.url) throw new AppError('bad-request', 'Set a URL for daily heads first.', { fields: [{ path: 'url', message: 'is not set' }] });
  const secret = newSecret();
  await save(context, known, { url: known.url, sealedSecret: sealed(context, parts, secret) }, { action: 'create-secret', reason: undefined });
  return { secret };
}

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const sealed = ({ workspaceId }: ServiceContext, { secrets }: ReceiverParts, secret: string): string => secrets.seal(secret, receiverSealName(workspaceId));

async function save(
  context: ServiceContext,
  known: HeadReceiverRecord | undefined,
  settings: Pick<HeadReceiverRecord, 'url' | 'sealedSecret'>,
  { action, reason }: { readonly action: string; readonly reason: string | undefined },
): Promise<HeadReceiverRecord> {
  const { store, workspaceId, caller } = context;
  const actor = actorOf(caller);
  const before = known?.revision ?? 0;
  const fields = { ...settings, revision: before + 1, updatedAt: timestamp(context), actor };
  const change = {
    workspaceId,
    actor,
    subject: { kind: 'head-receiver', id: ID },
    action,
    before: known ? shown(known.url) : null,
    after: shown(settings.url),
    reason,
    revision: fields.revision,
  } as const;
  return recordChange(context, change, async () => {
    if (known) return store.update(headReceivers, ID, fields, { equal: { revision: before } });
    const record = { id: ID, workspaceId, ...fields };
    return (await insertIfAbsent(store, headReceivers, record)) ? record : undefined;
  });
}

/** The path of a URL is often a secret. */
const shown = (url: string | null) => ({ url: url === null ? null : new URL(url).origin });
