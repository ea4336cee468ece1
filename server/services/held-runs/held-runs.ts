import type { HeldRuns } from '@switchyard/shared/contracts/system.ts';
import { isAppError } from '@switchyard/shared/errors.ts';
import { actorOf } from '../caller.ts';
import { recordChange } from '../changes/record-change.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { insertReleased, readReleased, readRestored } from './held-records.ts';

const NONE: HeldRuns = { count: 0, backupAt: null, restoredAt: null, releasedAt: null };

/** The runs held since the installation was restored from a backup. */
export async function getHeldRuns({ store }: Pick<ServiceContext, 'store'>): Promise<HeldRuns> {
  const restored = await readRestored(store);
  if (!restored) return NONE;
  const released = await readReleased(store);
  const { backupAt, restoredAt, held } = restored;
  return { count: released?.left ?? held, backupAt, restoredAt, releasedAt: released?.at ?? null };
}

/** Releases them; a worker continues them page by page. Does nothing if they are already released. */
export async function releaseHeldRuns(context: ServiceContext, reason: string | undefined): Promise<HeldRuns> {
  const { store, workspaceId, caller } = context;
  const before = await getHeldRuns(context);
  if (before.backupAt === null || before.releasedAt !== null) return before;
  const { count: held, backupAt, restoredAt } = before;
  const change = { action: 'release', before: { held, backupAt, restoredAt }, after: null, reason, revision: 1 };
  try {
    await recordChange(context, { workspaceId, actor: actorOf(caller), subject: { kind: 'restore', id: backupAt }, ...change }, async () => {
      await insertReleased(store, workspaceId, { at: timestamp(context), left: held });
      return held;
    });
  } catch (thrown) {
    // Someone else released them at the same time.
    if (!isAppError(thrown, 'already-exists')) throw thrown;
  }
  context.changed.heldRuns(workspaceId);
  return getHeldRuns(context);
}
