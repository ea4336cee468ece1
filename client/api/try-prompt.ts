import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { type TriedPrompt, tryEvents, tryPrompt } from '@switchyard/shared/contracts/prompt-tries.ts';
import { ApiError, errorOf } from './api-error.ts';
import { openStream } from './call.ts';
import { serverEvents } from './server-events.ts';

export type TryRequest = BodyOf<typeof tryPrompt>;

interface TryListener {
  readonly signal: AbortSignal;
  readonly onDelta: (text: string) => void;
  /** The text so far must be discarded. */
  readonly onRestart: () => void;
}

/** Calls a model with a prompt. Throws `ApiError`, or the browser’s AbortError if `signal` aborts. */
export async function streamTry(name: string, body: TryRequest, { signal, onDelta, onRestart }: TryListener): Promise<TriedPrompt> {
  const response = await openStream(tryPrompt, { params: { name }, body, signal });
  if (response.body) {
    try {
      for await (const { name: kind, data } of serverEvents(response.body)) {
        const value: unknown = JSON.parse(data);
        if (kind === 'delta') onDelta(tryEvents.delta.parse(value).text);
        else if (kind === 'restart') onRestart();
        else if (kind === 'done') return tryEvents.done.parse(value);
        else if (kind === 'error') throw errorOf(tryEvents.error.parse(value).status, value);
      }
    } catch (thrown) {
      if (signal.aborted || thrown instanceof ApiError) throw thrown;
    }
  }
  throw new ApiError({ code: 'offline', status: 0, detail: 'The connection to the server was lost before the answer was complete. Try again.' });
}
