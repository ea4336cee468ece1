import { isAppError } from '@switchyard/shared/errors.ts';
import { alertSettings } from '../../store/alert-collections.ts';
import { type WorkflowRecord, workflows } from '../../store/collections.ts';
import { type ReleaseWatchRecord, releaseWatches } from '../../store/evaluation/release-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import type { AlertSender } from '../alerts/send-alert.ts';
import { changeRelease, type ReleaseParts } from './change-release.ts';
import { decisionText, rollbackNotice } from './rollback-notice.ts';

/*
 * Carries out what the watch decided. Invariants: 1. The decision is stored with its figures before anything changes, so a crash in between is
 * made up for. 2. Weights go back by one compare-and-set that also names the watched revision, so it happens once. 3. Each attempt to send
 * the message is claimed, and all have the same ID.
 */

/** The time to the next attempt, by attempts made. After the last one, the message is given up. */
const RETRY_MS = [30_000, 120_000, 600_000, 1_800_000, 3_600_000, 3_600_000, 3_600_000, 3_600_000];

export interface GoBackParts extends ReleaseParts {
  readonly sender: Pick<AlertSender, 'deliver'>;
  /** The base of links. */
  readonly address: string;
}

/** Sends weights back and the message out, as far as that is still to do. */
export async function goBack(parts: GoBackParts, store: WorkspaceStore, watch: ReleaseWatchRecord, signal: AbortSignal): Promise<void> {
  const workflow = await sentBack(parts, store, watch);
  if (workflow) await notify(parts, store, watch, workflow, signal);
  else await store.update(releaseWatches, watch.id, { dueAt: null });
}

/** The workflow, once this decision has sent it back. Undefined if another change came first. */
async function sentBack(
  parts: GoBackParts,
  store: WorkspaceStore,
  { workflowId, revision, figures, decided }: ReleaseWatchRecord,
): Promise<WorkflowRecord | undefined> {
  for (;;) {
    const workflow = await store.get(workflows, workflowId);
    if (workflow?.rolledBackRevision === revision) return workflow;
    const stable = workflow?.release[0]?.version;
    if (!workflow || !figures || !decided || workflow.deletedAt !== null || workflow.watchedRevision !== revision || stable === undefined) return undefined;
    try {
      return await changeRelease(parts, workflow, {
        actor: { kind: 'system', id: 'release-watch' },
        action: 'rollback',
        release: [{ version: stable, weight: 100 }],
        also: { rolledBackRevision: revision },
        reason: decisionText(decided, figures),
        decided,
      });
    } catch (thrown) {
      // Something else of the release was changed: decide again by what it is now.
      if (!isAppError(thrown, 'revision-conflict')) throw thrown;
    }
  }
}

async function notify(parts: GoBackParts, store: WorkspaceStore, watch: ReleaseWatchRecord, workflow: WorkflowRecord, signal: AbortSignal): Promise<void> {
  const { sender, address, now } = parts;
  const { id, attempts } = watch;
  const settings = await store.get(alertSettings, workflow.id);
  const notice = rollbackNotice(watch, workflow, address);
  const channel = settings?.channel?.kind;
  if (!settings?.enabled || channel === undefined || !notice) return void (await store.update(releaseWatches, id, { dueAt: null }));
  const wait = RETRY_MS[attempts];
  const dueAt = wait === undefined ? null : new Date(now().getTime() + wait).toISOString();
  const claimed = await store.update(releaseWatches, id, { attempts: attempts + 1, dueAt }, { equal: { attempts } });
  if (!claimed) return;
  const error = await sender.deliver(store, settings, notice, signal);
  const sentAt = error === null ? now().toISOString() : null;
  await store.update(releaseWatches, id, { notice: { channel, sentAt, error }, ...(error === null && { dueAt: null }) });
}
