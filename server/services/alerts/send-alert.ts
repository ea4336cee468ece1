import { AppError, ERRORS, toAppError } from '@switchyard/shared/errors.ts';
import type { Egress } from '../../egress/egress.ts';
import type { SendEmail } from '../../egress/mailer.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { type AlertSettingRecord, alertSettings } from '../../store/alert-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { standardHeadersFor } from '../webhooks/signatures.ts';
import type { Notice } from './alert-message.ts';

/** The timeout of one attempt. */
const LIMIT_MS = 15_000;
const LONGEST_ERROR = 500;

/** The additional authenticated data of the secret that signs a workflow's alerts. */
export const alertSealName = (workflowId: string): string => `alert:${workflowId}`;

export const NO_SMTP = 'This server can’t send email. Start it with SMTP_URL, for example SMTP_URL=smtps://name:password@smtp.example.com.';

export interface AlertSender {
  readonly canEmail: boolean;
  /** Makes one attempt, records it as the last delivery, and returns why it failed. Rejects only with the signal's reason. */
  deliver(store: WorkspaceStore, settings: AlertSettingRecord, notice: Notice, signal: AbortSignal): Promise<string | null>;
}

/** Makes one attempt to post a message, signed according to Standard Webhooks, and returns why it failed. Rejects only with the signal's reason. */
export type NoticePost = (url: string, secret: () => string, notice: PostedNotice, signal: AbortSignal) => Promise<string | null>;

type PostedNotice = Pick<Notice, 'id' | 'text'> & { readonly event: { readonly type: string; readonly timestamp: string; readonly data: object } };

interface PostParts {
  readonly egress: Pick<Egress, 'fetchFor'>;
  readonly now: () => Date;
}

interface Parts extends PostParts {
  /** Missing without SMTP_URL. */
  readonly sendEmail?: SendEmail | undefined;
  readonly secrets: Pick<Secrets, 'open'>;
}

/** Posts messages through the egress. */
export function createNoticePost({ egress, now }: PostParts): NoticePost {
  return (url, secret, { id, event, text }, signal) =>
    attempt(signal, async (limited) => {
      const body = JSON.stringify({ ...event, text });
      const headers = { 'content-type': 'application/json', 'idempotency-key': id, ...standardHeadersFor(secret(), { id, now: now(), body }) };
      const response = await egress.fetchFor({ allowLoopback: false })(url, { method: 'POST', headers, body, signal: limited });
      await response.body?.cancel();
      if (!response.ok) throw new AppError('unexpected-status', `The webhook returned ${response.status}.`);
    });
}

/** Sends alerts to webhooks and by email. */
export function createAlertSender({ egress, sendEmail, secrets, now }: Parts): AlertSender {
  const post = createNoticePost({ egress, now });
  const send = async ({ id, channel, sealedSecret }: AlertSettingRecord, notice: Notice, signal: AbortSignal): Promise<string | null> => {
    if (channel?.kind === 'webhook') return post(channel.url, () => secrets.open(sealedSecret, alertSealName(id)), notice, signal);
    return attempt(signal, async (limited) => {
      if (!sendEmail) throw new AppError('unsupported', NO_SMTP);
      if (channel) await sendEmail({ to: channel.to, subject: notice.subject, text: notice.text, id: notice.id }, limited);
    });
  };
  return {
    canEmail: sendEmail !== undefined,
    deliver: async (store, settings, notice, signal) => {
      const error = await send(settings, notice, signal);
      const kind = notice.event.type === 'alert.test' ? 'test' : 'failure';
      const lastDelivery = { at: now().toISOString(), kind, channel: settings.channel?.kind ?? 'webhook', error } as const;
      await store.update(alertSettings, settings.id, { lastDelivery });
      return error;
    },
  };
}

/** Why it failed within the time limit, or null. */
async function attempt(signal: AbortSignal, send: (signal: AbortSignal) => Promise<void>): Promise<string | null> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  try {
    await send(AbortSignal.any([signal, limit]));
    return null;
  } catch (thrown) {
    signal.throwIfAborted();
    return limit.aborted ? `No response within ${LIMIT_MS / 1_000} s.` : reasonOf(thrown);
  }
}

function reasonOf(thrown: unknown): string {
  const { code, message } = toAppError(thrown);
  return ERRORS[code].safe ? message.slice(0, LONGEST_ERROR) : ERRORS[code].title;
}
