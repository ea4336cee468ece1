import { randomBytes } from 'node:crypto';
import type { RuleChannel } from '@switchyard/shared/contracts/insight/alert-rules.ts';
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

/** A secret that signs messages to a webhook. */
export const newSigningSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** The additional authenticated data of the secret that signs a workflow's alerts. */
export const alertSealName = (workflowId: string): string => `alert:${workflowId}`;

export const NO_SMTP = 'This server can’t send email. Start it with SMTP_URL, for example SMTP_URL=smtps://name:password@smtp.example.com.';

/** Where a message goes, and what signs it. */
interface Destination {
  readonly channel: RuleChannel;
  readonly sealedSecret: string;
  /** The additional authenticated data of the secret. */
  readonly sealName: string;
}

export interface AlertSender {
  readonly canEmail: boolean;
  /** Makes one attempt. Returns why it failed, or null. Rejects only with the signal’s reason. */
  send(to: Destination, notice: Notice, signal: AbortSignal): Promise<string | null>;
  /** The same for the channel of a workflow. Also records the attempt as its last delivery. */
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

const posting =
  ({ egress }: Pick<PostParts, 'egress'>) =>
  async (url: string, body: string, headers: Record<string, string>, signal: AbortSignal): Promise<void> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, signal };
    const response = await egress.fetchFor({ allowLoopback: false })(url, init);
    await response.body?.cancel();
    if (!response.ok) throw new AppError('unexpected-status', `The webhook returned ${response.status}.`);
  };

/** Posts messages through the egress. */
export function createNoticePost(parts: PostParts): NoticePost {
  const post = posting(parts);
  return (url, secret, { id, event, text }, signal) =>
    attempt(signal, (limited) => {
      const body = JSON.stringify({ ...event, text });
      return post(url, body, { 'idempotency-key': id, ...standardHeadersFor(secret(), { id, now: parts.now(), body }) }, limited);
    });
}

/** Sends alerts to webhooks, to Slack-compatible ones, and by email. */
export function createAlertSender({ egress, sendEmail, secrets, now }: Parts): AlertSender {
  const postSigned = createNoticePost({ egress, now });
  const post = posting({ egress });
  const send: AlertSender['send'] = async ({ channel, sealedSecret, sealName }, notice, signal) => {
    if (channel.kind === 'webhook') return postSigned(channel.url, () => secrets.open(sealedSecret, sealName), notice, signal);
    const { id, subject, text } = notice;
    return attempt(signal, async (limited) => {
      if (channel.kind === 'slack') return post(channel.url, JSON.stringify({ text: `*${slackText(subject)}*\n${slackText(text)}` }), {}, limited);
      if (!sendEmail) throw new AppError('unsupported', NO_SMTP);
      await sendEmail({ to: channel.to, subject, text, id }, limited);
    });
  };
  return {
    canEmail: sendEmail !== undefined,
    send,
    deliver: async (store, { id, channel, sealedSecret }, notice, signal) => {
      if (!channel) return null;
      const error = await send({ channel, sealedSecret, sealName: alertSealName(id) }, notice, signal);
      const kind = notice.event.type === 'alert.test' ? 'test' : 'failure';
      const lastDelivery = { at: now().toISOString(), kind, channel: channel.kind, error } as const;
      await store.update(alertSettings, id, { lastDelivery });
      return error;
    },
  };
}

/** Slack reads these characters as markup. */
const slackText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

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
