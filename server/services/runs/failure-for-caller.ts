import { ERRORS, type ErrorData, fileFault, innermostError } from '@switchyard/shared/errors.ts';

type Failure = Pick<ErrorData, 'code' | 'details'>;

/**
 * The status of a failed run for its caller: a server error, also if the step’s code is none. Only a budget that is used up (S63), and a file of
 * the caller that can’t be read, are the caller’s, also in an item or a child run.
 */
export function failureStatus(error: Failure): number {
  const { code } = fileFault(error) ?? innermostError(error);
  const { status } = ERRORS[code];
  return code === 'budget-exceeded' || fileFault(error) ? status : Math.max(500, status);
}

/** When the budget that stopped a run allows calls again, in ms from now. Undefined if time doesn't help. */
export function failureRetryMs(error: Failure, now: Date): number | undefined {
  const { code, details } = innermostError(error);
  const until = code === 'budget-exceeded' && typeof details?.until === 'string' ? Date.parse(details.until) : Number.NaN;
  return Number.isNaN(until) ? undefined : Math.max(0, until - now.getTime());
}
