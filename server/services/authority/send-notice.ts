import type { AuthorityChange } from '@switchyard/shared/contracts/evaluation/authority.ts';
import { alertSettings } from '../../store/alert-collections.ts';
import { workflows } from '../../store/collections.ts';
import { type AuthorityRecord, authorities } from '../../store/evaluation/authority-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import type { Notice } from '../alerts/alert-message.ts';
import type { AlertSender } from '../alerts/send-alert.ts';

/*
 * Tells the channel of a workflow’s alerts that reviews went back to full review (S84). Each attempt is claimed first, and all have the
 * same ID. The message has names and figures, never a value of a run (S65).
 */

/** The time to the next attempt, by attempts made. After the last one, the message is given up. */
const RETRY_MS = [30_000, 120_000, 600_000, 1_800_000, 3_600_000, 3_600_000];
const MOST_DUE = 50;

export interface NoticeParts {
  readonly sender: Pick<AlertSender, 'deliver'>;
  /** The base of links. */
  readonly address: string;
  readonly now: () => Date;
}

export const dueNotices = async (store: WorkspaceStore, now: Date): Promise<AuthorityRecord[]> =>
  (await store.find(authorities, { range: { field: 'noticeDueAt', to: now.toISOString() }, order: { field: 'noticeDueAt' }, limit: MOST_DUE })).items;

/** Sends the first message of a record that is due. Without a channel, none is sent. */
export async function sendNotice({ sender, address, now }: NoticeParts, store: WorkspaceStore, record: AuthorityRecord, signal: AbortSignal): Promise<void> {
  const { id, workflowId, nodeKey, noticeAttempts, noticeDueAt, notices } = record;
  const [first, ...rest] = notices;
  const settings = await store.get(alertSettings, workflowId);
  const workflow = await store.get(workflows, workflowId);
  const none = { notices: [], noticeAttempts: 0, noticeDueAt: null };
  if (!first || !workflow || !settings?.enabled || !settings.channel) return void (await store.update(authorities, id, none, { equal: { noticeDueAt } }));
  const wait = RETRY_MS[noticeAttempts];
  const retryAt = wait === undefined ? null : new Date(now().getTime() + wait).toISOString();
  const claimed = await store.update(authorities, id, { noticeAttempts: noticeAttempts + 1, noticeDueAt: retryAt }, { equal: { noticeAttempts, noticeDueAt } });
  if (!claimed) return;
  const error = await sender.deliver(store, settings, narrowingNotice(first, { id: workflowId, name: workflow.name, nodeKey }, address), signal);
  if (error !== null && retryAt !== null) return;
  const next = rest.length > 0 ? now().toISOString() : null;
  // Another narrowing since: its message follows this one.
  await store.update(authorities, id, { notices: rest, noticeAttempts: 0, noticeDueAt: next }, { equal: { revision: claimed.revision, noticeDueAt: retryAt } });
}

function narrowingNotice(
  change: AuthorityChange,
  { id, name, nodeKey }: { readonly id: string; readonly name: string; readonly nodeKey: string },
  address: string,
): Notice {
  const { at, group, from, labels, wrong } = change;
  const url = `${address}/workflows/${id}`;
  const figures = `${wrong} of ${labels} sampled reviews were wrong, and errors were rising. Before, a person saw ${from}%.`;
  return {
    id: `authority_${id}_${nodeKey}_${Date.parse(at)}`,
    subject: `“${group}” of “${name}” went back to full review`,
    text: `A person sees all reviews of “${group}” at “${nodeKey}” of “${name}” again.\n\n${figures}\n\nSee the wrong ones under Authority in the node’s settings: ${url}`,
    event: {
      type: 'review.narrowed',
      timestamp: at,
      data: { workflow: { id, name, url }, nodeKey, group, from, to: 100, labels, wrong },
    },
  };
}
