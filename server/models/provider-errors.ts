import { AppError } from '@switchyard/shared/errors.ts';

/** What the SDKs' errors have in common; they are recognised by shape, so that neither SDK has to be loaded to read an error. */
interface SdkError extends Error {
  readonly status?: number;
  readonly headers?: Headers;
  readonly error?: unknown;
}

/** Which provider, for the words; `secret` is cut out of whatever the provider says. */
export interface ProviderPlace {
  readonly host: string;
  readonly model: string;
  readonly secret: string | undefined;
}

const LONGEST_MESSAGE = 500;

/** Milliseconds from `retry-after-ms` or `retry-after` (seconds, or a date: RFC 9110 §10.2.3). */
export function retryAfterMs(headers: Headers | undefined, now: number): number | undefined {
  const ms = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (ms >= 0) return ms;
  const text = headers?.get('retry-after') ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** The provider's own words: `{error: {message}}`, `{message}`, or the SDK's message without its status. */
function wordsOf(error: SdkError): string {
  const found = [error.error, (error.error as { error?: unknown } | undefined)?.error]
    .map((body) => (typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined))
    .find((message) => typeof message === 'string');
  return String(found ?? error.message).replace(/^\d{3}\s+/, '');
}

/** Keys do not belong into messages; some providers repeat them in part. */
export const withoutSecret = (text: string, secret: string | undefined): string =>
  (secret ? text.replaceAll(secret, '…') : text).replace(/\b(sk|key|token)-[\w*.-]{8,}/gi, '…').slice(0, LONGEST_MESSAGE);

function fromStatus(status: number, words: string, place: ProviderPlace, error: SdkError): AppError {
  const { host, model } = place;
  if (status === 401 || status === 403) return new AppError('provider-auth', `‘${host}’ refused the key: ${words} Check the key under Models.`);
  if (status === 429) {
    const more = { retryAfterMs: retryAfterMs(error.headers, Date.now()), beforeEffect: true };
    return new AppError('provider-rate-limited', `‘${host}’ limits how much we may ask: ${words}`, more);
  }
  if (status === 503 || status === 529) {
    return new AppError('provider-overloaded', `‘${host}’ is overloaded: ${words}`, { retryAfterMs: retryAfterMs(error.headers, Date.now()) });
  }
  if (status === 408 || status === 504) return new AppError('provider-timeout', `‘${host}’ took too long: ${words}`);
  if (status >= 500) return new AppError('provider-unavailable', `‘${host}’ failed with status ${status}: ${words}`);
  return new AppError('provider-refused', `‘${host}’ refused the request to ‘${model}’ (status ${status}): ${words}`);
}

/** Errors that come within a stream have a type instead of a status. */
const STREAM_ERRORS: readonly [RegExp, number][] = [
  [/overloaded/i, 529],
  [/rate_limit/i, 429],
  [/authentication|permission/i, 401],
  [/invalid_request|not_found/i, 400],
];

function typeIn(body: unknown, depth = 0): string {
  if (typeof body !== 'object' || body === null || depth > 2) return '';
  const { type, error } = body as { type?: unknown; error?: unknown };
  return `${typeof type === 'string' ? type : ''} ${typeIn(error, depth + 1)}`;
}

function appErrorIn(thrown: unknown): AppError | undefined {
  for (let cause = thrown, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) if (cause instanceof AppError) return cause;
  return undefined;
}

const NETWORK = new Set(['dns-failed', 'connect-failed']);

/** What an error of an SDK means, in the words of the error table. The secret is in none of them. */
export function toProviderError(thrown: unknown, place: ProviderPlace): AppError {
  const known = appErrorIn(thrown);
  if (known && NETWORK.has(known.code)) return new AppError('provider-unavailable', known.message, { beforeEffect: known.beforeEffect, cause: known });
  if (known?.code === 'timeout') return new AppError('provider-timeout', known.message, { cause: known });
  if (known) return known;
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as SdkError;
  const words = withoutSecret(wordsOf(error), place.secret).replace(/([^.!?])$/, '$1.');
  const status = error.status ?? STREAM_ERRORS.find(([pattern]) => pattern.test(typeIn(error.error)))?.[1];
  if (status !== undefined) return fromStatus(status, words, place, error);
  if (error instanceof SyntaxError) return new AppError('provider-unavailable', `‘${place.host}’ sent an answer that is not valid JSON.`);
  return new AppError('provider-unavailable', `‘${place.host}’ could not be used: ${words}`);
}

export const cutOff = (place: ProviderPlace): AppError =>
  new AppError('provider-unavailable', `The answer of ‘${place.model}’ at ‘${place.host}’ broke off in the middle. Try again.`);
