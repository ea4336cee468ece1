import { AppError } from '@switchyard/shared/errors.ts';

/** The common shape of the SDKs’ errors. Recognized by shape, so neither SDK has to be loaded to read one. */
interface SdkError extends Error {
  readonly status?: number;
  readonly headers?: Headers;
  readonly error?: unknown;
}

/** Names the provider in messages. `secret` is removed from what the provider returns. */
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

/** The provider’s own message: `{error: {message}}`, `{message}`, or the SDK’s message without its status. */
function wordsOf(error: SdkError): string {
  const found = [error.error, (error.error as { error?: unknown } | undefined)?.error]
    .map((body) => (typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined))
    .find((message) => typeof message === 'string');
  return String(found ?? error.message).replace(/^\d{3}\s+/, '');
}

/** Removes API keys from a message; some providers repeat them in part. */
export const withoutSecret = (text: string, secret: string | undefined): string =>
  (secret ? text.replaceAll(secret, '…') : text).replace(/\b(sk|key|token)-[\w*.-]{8,}/gi, '…').slice(0, LONGEST_MESSAGE);

/** `said` ends the sentence: `: ` and the words of the provider, or a period. */
function fromStatus(status: number, said: string, place: ProviderPlace, error: SdkError): AppError {
  const { host, model } = place;
  if (status === 401 || status === 403) return new AppError('provider-auth', `“${host}” rejected the API key${said} Check the connection under Models.`);
  if (status === 429 && /insufficient_quota/.test(`${codeOf(error)} ${said}`))
    return new AppError('provider-refused', `The account at “${host}” has no quota left${said} Check its plan and billing.`, { beforeEffect: true });
  const retryAfter = { retryAfterMs: retryAfterMs(error.headers, Date.now()) };
  if (status === 429) return new AppError('provider-rate-limited', `“${host}” is rate limiting requests${said}`, { ...retryAfter, beforeEffect: true });
  if (status === 503 || status === 529) return new AppError('provider-overloaded', `“${host}” is overloaded${said}`, retryAfter);
  if (status === 408 || status === 504) return new AppError('provider-timeout', `“${host}” timed out${said}`);
  if (status >= 500 || status === 409) return new AppError('provider-unavailable', `“${host}” failed with status ${status}${said}`, retryAfter);
  if (status === 404) return new AppError('provider-refused', notFound(said, place));
  return new AppError('provider-refused', `“${host}” rejected the request${model ? ` to “${model}”` : ''} (status ${status})${said}`);
}

/** A 404 means a wrong base URL or an unknown model, and the provider’s words rarely say which. */
function notFound(said: string, { host, model }: ProviderPlace): string {
  const check = model
    ? 'Check the model name and the connection’s base URL.'
    : 'Check the connection’s base URL: for OpenAI-compatible servers it usually ends in /v1.';
  return `“${host}” returned 404${model ? ` for “${model}”` : ''}${said} ${check}`;
}

function codeOf(error: SdkError): string {
  const body = error.error as { code?: unknown; type?: unknown; error?: { code?: unknown; type?: unknown } } | undefined;
  return [body?.code, body?.type, body?.error?.code, body?.error?.type].filter((code) => typeof code === 'string').join(' ');
}

/** Errors within a stream have a type instead of a status. */
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

/** Turns an error of an SDK into one of the error table. Its message never contains the secret. */
export function toProviderError(thrown: unknown, place: ProviderPlace): AppError {
  const known = appErrorIn(thrown);
  if (known && NETWORK.has(known.code)) return new AppError('provider-unavailable', known.message, { beforeEffect: known.beforeEffect, cause: known });
  if (known?.code === 'timeout') return new AppError('provider-timeout', known.message, { cause: known });
  if (known) return known;
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as SdkError;
  const words = withoutSecret(wordsOf(error), place.secret).replace(/([^.!?])$/, '$1.');
  const status = error.status ?? STREAM_ERRORS.find(([pattern]) => pattern.test(typeIn(error.error)))?.[1];
  if (status !== undefined) return quoting(words, (said) => fromStatus(status, said, place, error));
  if (error instanceof SyntaxError) return new AppError('provider-unavailable', `“${place.host}” returned a response that isn’t valid JSON.`);
  // The SDKs look into events without checking them. Failed requests have a cause.
  if (error instanceof TypeError && error.cause === undefined) return notAnAnswer(place, undefined, error);
  if (BROKEN_CONNECTION.test(`${words} ${causeOf(error)}`)) return cutOff(place);
  return quoting(words, (said) => new AppError('provider-unavailable', `Calling “${place.host}” failed${said}`));
}

const unquoted = new WeakMap<AppError, string>();

function quoting(words: string, errorOf: (said: string) => AppError): AppError {
  const error = errorOf(words === '' ? '.' : `: ${words}`);
  unquoted.set(error, errorOf('.').message);
  return error;
}

/** The message of a provider error without the provider’s own words, which may repeat what a run sent. */
export const withoutQuote = (error: AppError): string => unquoted.get(error) ?? error.message;

const BROKEN_CONNECTION = /terminated|other side closed|socket hang up|ECONNRESET|premature close/i;

const causeOf = (error: Error): string => (error.cause instanceof Error ? `${error.cause.message} ${causeOf(error.cause)}` : '');

/** The connection ended before the whole answer arrived. */
export const cutOff = (place: ProviderPlace): AppError =>
  new AppError('provider-unavailable', `“${place.host}” closed the connection before the response was complete. Try again, or check the server’s log.`);

/** The server sent JSON that isn’t a model response. `sent`: if it is known. */
export function notAnAnswer(
  place: Pick<ProviderPlace, 'host' | 'secret'>,
  sent?: { readonly response: Response; readonly text: string },
  cause?: Error,
): AppError {
  const errorOf = (said: string): AppError =>
    new AppError('provider-unavailable', `“${place.host}” returned JSON that isn’t a model response${said} Check the base URL.`, { cause });
  return sent ? quoting(firstWords(sent.text, place), (said) => errorOf(` (${labelOf(sent.response)})${said}`)) : errorOf('.');
}

/** The server sent an event stream without any model event. */
export const emptyStream = ({ host }: ProviderPlace): AppError =>
  new AppError(
    'provider-unavailable',
    `“${host}” returned an event stream without events. Check the connection’s base URL under Models, and the server’s log.`,
  );

/** The server sent something that isn’t the protocol. */
export function notAModelServer(place: Pick<ProviderPlace, 'host' | 'secret'>, response: Response, text: string): AppError {
  const isEvents = /text\/event-stream/i.test(response.headers.get('content-type') ?? '');
  const empty = isEvents ? 'an empty event stream' : 'an empty response';
  const what = /^\s*</.test(text) ? 'a web page' : text.trim() === '' ? empty : 'text that isn’t JSON';
  const came = `“${place.host}” isn’t a model server: it returned ${what} (${labelOf(response)})`;
  return quoting(firstWords(text, place), (said) => new AppError('provider-unavailable', `${came}${said} Check the connection’s base URL under Models.`));
}

const labelOf = ({ status, headers }: Response): string => {
  const type = /^[\w.+/-]{1,100}/.exec(headers.get('content-type') ?? '')?.[0];
  return `status ${status}, ${type ?? 'no content type'}`;
};

const FIRST_WORDS = 100;

/** The first words of a page or text, in quotes. Empty if it has none. */
function firstWords(text: string, { secret }: Pick<ProviderPlace, 'secret'>): string {
  const words = text
    .slice(0, 4_000)
    .replace(/<(script|style)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->|<[^>]*>/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (words === '') return '';
  const shown = withoutSecret(words, secret);
  return `“${shown.length > FIRST_WORDS ? `${shown.slice(0, FIRST_WORDS)}…` : shown}”.`;
}

/** The model declined to answer; another model may not. */
export const declined = (model: string, why: string): AppError => new AppError('provider-refused', `“${model}” declined to answer${why ? `: ${why}` : '.'}`);
