import type { streamedTry, TriedCall } from '@switchyard/shared/contracts/calls/tried-call.ts';
import { toAppError } from '@switchyard/shared/errors.ts';
import type { Response } from 'express';
import type { z } from 'zod';
import type { Log } from '../log.ts';
import { EVENT_STREAM_HEADERS, event, HEARTBEAT_MS, MOST_UNREAD_BYTES } from './event-stream.ts';
import { problemOf } from './problem.ts';

type TryEvents = { readonly [Name in keyof typeof streamedTry]: z.input<(typeof streamedTry)[Name]> } & { readonly done: TriedCall };

interface Listener {
  readonly onDelta: (text: string) => void;
  readonly onRestart: () => void;
}

/** Streams a try of a prompt or a route. Until there is something to send, an error is still a response with its status: it is thrown. */
export async function streamTry(response: Response, run: (listener: Listener) => Promise<TryEvents['done']>, log: Log): Promise<void> {
  const open = (): void => {
    if (!response.headersSent) response.writeHead(200, EVENT_STREAM_HEADERS);
  };
  const send = <Name extends keyof TryEvents>(name: Name, data: TryEvents[Name]): void => {
    open();
    response.write(event(data, name));
  };
  const heartbeat = setInterval(() => {
    open();
    response.write(': still running\n\n');
  }, HEARTBEAT_MS);
  try {
    const done = await run({
      onDelta: (text) => {
        if (text !== '' && response.writableLength < MOST_UNREAD_BYTES) send('delta', { text });
      },
      onRestart: () => send('restart', {}),
    });
    send('done', done);
    response.end();
  } catch (error) {
    if (!response.headersSent || response.destroyed) throw error;
    send('error', problemOf(toAppError(error), log));
    response.end();
  } finally {
    clearInterval(heartbeat);
  }
}
