import type { TriedCall } from '@switchyard/shared/contracts/calls/tried-call.ts';
import { streamedTry } from '@switchyard/shared/contracts/calls/tried-call.ts';
import type { z } from 'zod';
import { ApiError, errorOf } from './api-error.ts';
import { serverEvents } from './server-events.ts';

export interface TryListener {
  readonly signal: AbortSignal;
  readonly onDelta: (text: string) => void;
  /** The text so far must be discarded. */
  readonly onRestart: () => void;
}

/** Reads the events of a try. Throws `ApiError`, or the browser’s AbortError if `signal` aborts. */
export async function readTry<Result extends TriedCall>(
  { body }: Response,
  done: z.ZodType<Result>,
  { signal, onDelta, onRestart }: TryListener,
): Promise<Result> {
  if (body) {
    try {
      for await (const { name: kind, data } of serverEvents(body)) {
        const value: unknown = JSON.parse(data);
        if (kind === 'delta') onDelta(streamedTry.delta.parse(value).text);
        else if (kind === 'restart') onRestart();
        else if (kind === 'done') return done.parse(value);
        else if (kind === 'error') throw errorOf(streamedTry.error.parse(value).status, value);
      }
    } catch (thrown) {
      if (signal.aborted || thrown instanceof ApiError) throw thrown;
    }
  }
  throw new ApiError({ code: 'offline', status: 0, detail: 'The connection to the server was lost before the answer was complete. Try again.' });
}
