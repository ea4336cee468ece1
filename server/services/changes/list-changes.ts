import { CHANGE_SUBJECTS, type Change, type listChanges as listChangesContract } from '@switchyard/shared/contracts/changes.ts';
import type { QueryOf } from '@switchyard/shared/contracts/contract.ts';
import { type Actor, readActor } from '@switchyard/shared/run/actor.ts';
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

const MOST_ACTORS = 100;

/** Everyone who made a change, by ID. Each lookup skips to the next ID in the index. */
export async function listChangeActors({ store }: ServiceContext): Promise<Actor[]> {
  const actors: Actor[] = [];
  let from = '';
  while (actors.length < MOST_ACTORS) {
    const { items } = await store.find(changes, { range: { field: 'actorId', from }, order: { field: 'actorId' }, limit: 1, aside: true });
    const [next] = items;
    if (!next) break;
    actors.push(readActor(next.actor));
    from = `${next.actorId} `;
  }
  return actors;
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
