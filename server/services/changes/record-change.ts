import type { Change } from '@switchyard/shared/contracts/changes.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Actor } from '@switchyard/shared/run/actor.ts';
import type { Store } from '../../store/port.ts';
import { type ChangeRecord, changes } from '../../store/registry-collections.ts';
import { newId } from '../ids.ts';
import { insertChained } from './chained-changes.ts';

/*
 * Records changes (S68). Owns the order: the record is inserted first, with the revision it makes, then the subject is changed by
 * compare-and-set. A change that never took effect is marked as not applied: immediately if another change won, otherwise by the sweep.
 */

export interface IntendedChange {
  readonly workspaceId: string;
  readonly actor: Actor;
  readonly subject: Change['subject'];
  readonly action: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason?: string | undefined;
  /** The revision of the subject after the change. */
  readonly revision: number;
}

/** Records a change and applies it. `apply` returns undefined if the subject's revision has changed. Then throws `revision-conflict`. */
export async function recordChange<T>(
  { stores, now }: { readonly stores: Store; readonly now: () => Date },
  change: IntendedChange,
  apply: () => Promise<T | undefined>,
): Promise<T> {
  const store = stores.in(change.workspaceId);
  const record = await insertChained(stores, changeRecord(change, now()));
  const settle = (applied: boolean) => store.update(changes, record.id, { applied, openSince: null });
  let result: T | undefined;
  try {
    result = await apply();
  } catch (thrown) {
    // If the database became unavailable, the outcome is unknown: the sweep settles it.
    if (thrown instanceof AppError && thrown.code !== 'not-ready') await settle(false);
    throw thrown;
  }
  await settle(result !== undefined);
  if (result !== undefined) return result;
  const { kind, id } = change.subject;
  throw new AppError(
    'revision-conflict',
    `The ${kind.replace('-', ' ')} “${id}” was changed by someone else at the same time. Reload it, then make your change again.`,
  );
}

function changeRecord({ workspaceId, actor, subject, action, before, after, reason, revision }: IntendedChange, now: Date): ChangeRecord {
  const at = now.toISOString();
  return {
    id: newId('chg', now),
    workspaceId,
    at,
    actor: { kind: actor.kind, id: actor.id },
    actorId: actor.id,
    subjectKind: subject.kind,
    subjectId: subject.id,
    subject: `${subject.kind}:${subject.id}`,
    action,
    before: before ?? null,
    after: after ?? null,
    reason: reason ?? null,
    revision,
    applied: null,
    openSince: at,
  };
}
