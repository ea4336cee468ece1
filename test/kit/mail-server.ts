import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly to: readonly string[];
  /** Headers and body, with folded lines joined. */
  readonly text: string;
}

export interface MailServer extends AsyncDisposable {
  /** With the user name and password that it requires. */
  readonly url: string;
  /** Received emails, in order. */
  readonly received: readonly ReceivedMail[];
}

const PASSWORD = 'correct horse';

/** A mail server on 127.0.0.1 that requires a sign-in. It rejects the recipient `unknown@…`. */
export async function startMailServer(): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ password }, _, done) => (password === PASSWORD ? done(null, { user: 'flow' }) : done(new Error('Wrong password'))),
    onRcptTo: ({ address }, _, done) => done(address.startsWith('unknown@') ? new Error('No such mailbox') : null),
    onData: (stream, { envelope }, done) => {
      text(stream).then((message) => {
        received.push({ to: envelope.rcptTo.map(({ address }) => address), text: message.replaceAll(/\r\n[ \t]/g, ' ') });
        done();
      }, done);
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `smtp://flow:${encodeURIComponent(PASSWORD)}@127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    received,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}
