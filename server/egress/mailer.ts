import { AppError } from '@switchyard/shared/errors.ts';

/*
 * Sends email through the operator's mail server (SMTP_URL). The operator chose that server, so it may be in a private network. The SMTP
 * client is loaded with the first email.
 */

export interface Email {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same on every attempt, so mailboxes recognize a repeated email. */
  readonly id: string;
}

/** Sends an email. Rejects with an AppError that says why, or with the signal's reason. */
export type SendEmail = (email: Email, signal: AbortSignal) => Promise<void>;

/** The timeout of each step of the SMTP session. */
const STEP_MS = 10_000;
const MOST_QUOTED = 200;

export function createMailer({ url, from }: { readonly url: string; readonly from: string }): SendEmail {
  const domain = /@([^\s@<>]+)>?$/.exec(from)?.[1] ?? 'localhost';
  return async ({ to, subject, text, id }, signal) => {
    const { createTransport } = await import('nodemailer');
    signal.throwIfAborted();
    const timeouts = { connectionTimeout: STEP_MS, greetingTimeout: STEP_MS, socketTimeout: STEP_MS, dnsTimeout: STEP_MS };
    const transport = createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const headers = { 'Auto-Submitted': 'auto-generated' };
      await Promise.race([transport.sendMail({ from, to: { name: '', address: to }, subject, text, headers, messageId: `<${id}@${domain}>` }), aborted]);
    } catch (thrown) {
      throw signal.aborted ? signal.reason : mailError(thrown);
    } finally {
      signal.removeEventListener('abort', stop);
      transport.close();
    }
  };
}

function mailError(thrown: unknown): AppError {
  const { code, response } = thrown as { code?: unknown; response?: unknown };
  const answer = typeof response === 'string' && response !== '' ? `: ${response.slice(0, MOST_QUOTED)}` : '';
  if (code === 'EAUTH') return new AppError('provider-auth', `The mail server rejected the user name or password in SMTP_URL${answer}`, { cause: thrown });
  if (answer !== '') return new AppError('bad-response', `The mail server rejected the email${answer}`, { cause: thrown });
  return new AppError('connect-failed', `Couldn’t reach the mail server in SMTP_URL${typeof code === 'string' ? ` (${code})` : ''}.`, { cause: thrown });
}
