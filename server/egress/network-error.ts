import { AppError } from '@switchyard/shared/errors.ts';

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '');

function* causesOf(thrown: unknown): Generator<unknown> {
  for (let cause = thrown, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth += 1) {
    yield cause;
    if (cause instanceof AggregateError) yield* cause.errors;
  }
}

/** Refused or never reached: nothing can have been sent. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'UND_ERR_CONNECT_TIMEOUT']);
/** What fetch reports for ports of mail, SSH, and similar protocols (Fetch standard, “bad port”). */
const BAD_PORT = 'bad port';
const SILENT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** Translates a failed fetch into an error of the table. An abort is not a network error: its reason is returned unchanged. */
export function toNetworkError(thrown: unknown, where: { host: string; signal: AbortSignal }): unknown {
  if (where.signal.aborted) return where.signal.reason;
  const causes = [...causesOf(thrown)];
  const known = causes.find((cause) => cause instanceof AppError);
  if (known) return known;
  const code = causes.map(codeOf).find((text) => text !== '') ?? '';
  if (causes.some((cause) => cause instanceof Error && cause.message === BAD_PORT)) {
    return new AppError('egress-refused', `“${where.host}” uses a port reserved for another protocol, which is blocked.`, { beforeEffect: true });
  }
  if (causes.some((cause) => SILENT.has(codeOf(cause)))) return new AppError('timeout', `“${where.host}” didn’t respond in time.`, { cause: thrown });
  const beforeEffect = causes.some((cause) => NOT_CONNECTED.has(codeOf(cause)));
  const what = beforeEffect ? `Couldn’t connect to “${where.host}”` : `The connection to “${where.host}” broke`;
  return new AppError('connect-failed', `${what}${code && ` (${code})`}. Check the URL and that the server is running.`, { beforeEffect, cause: thrown });
}
