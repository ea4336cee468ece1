import type { Secrets } from '../../../secrets/secrets.ts';
import { dailyHeads } from '../../../store/insight/day-collections.ts';
import type { WorkspaceStore } from '../../../store/port.ts';
import type { NoticePost } from '../../alerts/send-alert.ts';
import { newestHead } from './close-days.ts';
import { headView } from './daily-heads.ts';
import { receiverOf, receiverSealName } from './head-receiver.ts';

/** Attempts to send a head, one an hour. The next head contains the hash of this one, so nothing is lost after the last attempt. */
const MOST_ATTEMPTS = 20;
/** Of the time between attempts, so that two processes that both look make one. */
const PAUSE_MS = 50 * 60_000;

export interface SendHeadParts {
  readonly post: NoticePost;
  readonly secrets: Pick<Secrets, 'open'>;
  readonly now: () => Date;
}

/** Sends the newest daily head unless it was sent. Each attempt is claimed, and all have the same ID. Rejects only with the signal's reason, and if the store fails. */
export async function sendNewestHead({ post, secrets, now }: SendHeadParts, store: WorkspaceStore, signal: AbortSignal): Promise<void> {
  const receiver = await receiverOf(store);
  const head = await newestHead(store);
  if (!receiver?.url || !head || head.sentAt !== null || head.attempts >= MOST_ATTEMPTS) return;
  const at = now().toISOString();
  const since = head.attemptedAt === null ? PAUSE_MS : Math.abs(Date.parse(at) - Date.parse(head.attemptedAt));
  if (since < PAUSE_MS) return;
  const { attempts } = head;
  const claimed = await store.update(dailyHeads, head.id, { attempts: attempts + 1, attemptedAt: at }, { equal: { attempts } });
  if (!claimed) return;
  const view = headView(head);
  const text = `Daily head ${view.number} of ${view.day}: ${view.hash}`;
  const event = { type: 'evidence.daily-head', timestamp: view.closedAt, data: view } as const;
  const error = await post(
    receiver.url,
    () => secrets.open(receiver.sealedSecret, receiverSealName(receiver.workspaceId)),
    { id: `head_${view.day}`, text, event },
    signal,
  );
  await store.update(dailyHeads, head.id, { error, ...(error === null && { sentAt: now().toISOString() }) });
}
