import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { type TriedPrompt, tryEvents, tryPrompt } from '@switchyard/shared/contracts/prompt-tries.ts';
import { openStream } from './call.ts';
import { readTry, type TryListener } from './stream-try.ts';

export type TryRequest = BodyOf<typeof tryPrompt>;

/** Calls a model with a prompt. Throws as `readTry` does. */
export const streamTry = async (name: string, body: TryRequest, listener: TryListener): Promise<TriedPrompt> =>
  readTry(await openStream(tryPrompt, { params: { name }, body, signal: listener.signal }), tryEvents.done, listener);
