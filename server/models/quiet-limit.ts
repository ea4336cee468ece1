import type { RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { AppError } from '@switchyard/shared/errors.ts';

/** Runs a streamed call with the limits of a target on the time to its first text, and between texts (S55). */
export async function withinQuiet<T>(
  { model, firstTokenMs, silenceMs }: RouteTarget,
  signal: AbortSignal,
  work: (signal: AbortSignal, heard: () => void) => Promise<T>,
): Promise<T> {
  if (firstTokenMs === undefined && silenceMs === undefined) return work(signal, () => {});
  const quiet = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const wait = (ms: number | undefined, what: string): void => {
    clearTimeout(timer);
    const message = `“${model}” ${what} ${(ms ?? 0) / 1_000} s. Raise the limit of its target, or add a fallback.`;
    timer = ms === undefined ? undefined : setTimeout(() => quiet.abort(new AppError('provider-timeout', message)), ms);
  };
  wait(firstTokenMs, 'sent no text within');
  try {
    return await work(AbortSignal.any([signal, quiet.signal]), () => wait(silenceMs, 'was silent for'));
  } finally {
    clearTimeout(timer);
  }
}
