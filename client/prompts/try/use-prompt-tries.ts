import { streamTry, type TryRequest } from '../../api/try-prompt.ts';
import { useTries } from '../../tries/use-tries.ts';

/** The tries of one prompt. */
export const usePromptTries = (name: string) => useTries((request: TryRequest, listener) => streamTry(name, request, listener));
