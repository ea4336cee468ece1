import type { ErrorCode, ErrorData } from '@switchyard/shared/errors.ts';
import type { ModelFallback } from '@switchyard/shared/run/events.ts';

const REASONS: Readonly<Partial<Record<ErrorCode, string>>> = {
  'provider-auth': 'rejected the API key',
  'provider-rate-limited': 'rate limited',
  'provider-overloaded': 'overloaded',
  'provider-unavailable': 'unavailable',
  'provider-refused': 'rejected the request',
  'provider-timeout': 'timed out',
  'circuit-open': 'kept failing',
  'connection-busy': 'busy',
  'empty-answer': 'empty response',
  'bad-answer': 'wrong format',
  'budget-exceeded': 'budget used up',
  killed: 'stopped by a kill switch',
};

/** Why a model did not answer, in two or three words: `overloaded`. */
const reasonOf = ({ code }: ErrorData): string => REASONS[code] ?? 'failed';

/** For a card: `fake-small: overloaded`. */
export const shortFallback = ({ from, error }: ModelFallback): string => `${from.model}: ${reasonOf(error)}`;

/** The model a call fell back to, and why: `Fell back to large of Backup. small of Main failed: “host” is overloaded.` */
export function describeFallback({ from, to, error }: ModelFallback): string {
  return `Fell back to ${to.model} of ${to.connection}. ${from.model} of ${from.connection} failed: ${error.message.replace(/([^.!?…])$/, '$1.')}`;
}
