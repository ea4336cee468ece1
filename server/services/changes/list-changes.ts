import { CHANGE_SUBJECTS, type Change, type listChanges as listChangesContract } from '@switchyard/shared/contracts/changes.ts';
import type { QueryOf } from '@switchyard/shared/contracts/contract.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import type { Page, Query } from '../../store/port.ts';
import { type ChangeRecord, changes } from '../../store/registry-collections.ts';
import type { ServiceContext } from '../context.ts';

type Wanted = Omit<QueryOf<typeof listChangesContract>, 'limit'> & { readonly limit: number };

/** Lists changes, newest first. */
export async function listChanges({ store }: ServiceContext, { limit, cursor, actor, subject, from, to }: Wanted): Promise<Page<Change>> {
  const kind = CHANGE_SUBJECTS.find((known) => known === subject);
  const query: Query = {
    where: {
      ...(actor !== undefined && { actorId: actor }),
      ...(kind !== undefined && { subjectKind: kind }),
      ...(subject !== undefined && kind === undefined && { subject }),
    },
    ...((from ?? to) !== undefined && { range: { field: 'at', ...(from !== undefined && { from }), ...(to !== undefined && { to }) } }),
    order: { field: 'at', descending: true },
    limit,
    ...(cursor !== undefined && { cursor }),
    aside: true,
  };
  const page = await store.find(changes, query);
  return { ...page, items: page.items.map(viewOf) };
}

const viewOf = ({ id, at, actor, subjectKind, subjectId, action, before, after, reason, applied }: ChangeRecord): Change => ({
  id,
  at,
  actor: readActor(actor),
  subject: { kind: subjectKind, id: subjectId },
  action,
  before,
  after,
  reason,
  applied,
});
