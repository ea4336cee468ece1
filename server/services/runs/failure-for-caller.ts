import { ERRORS, type ErrorData } from '@switchyard/shared/errors.ts';

type Failure = Pick<ErrorData, 'code' | 'details'>;

/** The status of a failed run for its caller: a server error, regardless of the step's code. Only a budget that is used up is the caller's (S63). */
export const failureStatus = ({ code }: Failure): number => (code === 'budget-exceeded' ? ERRORS[code].status : Math.max(500, ERRORS[code].status));

/** When the budget that stopped a run allows calls again, in ms from now. Undefined if time doesn't help. */
export function failureRetryMs({ code, details }: Failure, now: Date): number | undefined {
  const until = code === 'budget-exceeded' && typeof details?.until === 'string' ? Date.parse(details.until) : Number.NaN;
  return Number.isNaN(until) ? undefined : Math.max(0, until - now.getTime());
}
