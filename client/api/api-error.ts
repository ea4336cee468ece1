import type { ErrorCode, FieldError, ProblemDetails } from '@switchyard/shared/errors.ts';

/** A failed API call, with a message for the user. `offline`: the server could not be reached. */
export class ApiError extends Error {
  readonly code: ErrorCode | 'offline';
  /** HTTP status, or 0 without a response. */
  readonly status: number;
  readonly detail: string;
  /** Errors of individual request fields. */
  readonly errors: readonly FieldError[];
  /** Additional members of the response: `currentDraft`, `usedBy`, … */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(problem: { code: ErrorCode | 'offline'; status: number; detail: string; errors?: readonly FieldError[]; details?: Record<string, unknown> }) {
    super(problem.detail);
    this.name = 'ApiError';
    this.code = problem.code;
    this.status = problem.status;
    this.detail = problem.detail;
    this.errors = problem.errors ?? [];
    this.details = problem.details ?? {};
  }
}

const KNOWN = new Set(['type', 'title', 'status', 'detail', 'code', 'errors']);

const isProblem = (body: unknown): body is ProblemDetails => typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string';

/** Reads an error response. Anything other than problem+json, such as a proxy’s error page, becomes `internal` with its status. */
export function errorOf(status: number, body: unknown): ApiError {
  if (!isProblem(body)) {
    return new ApiError({
      code: 'internal',
      status,
      detail: `The server returned status ${status}. Try again, or check the server log.`,
    });
  }
  const details = Object.fromEntries(Object.entries(body).filter(([name]) => !KNOWN.has(name)));
  return new ApiError({ code: body.code, status, detail: body.detail || body.title, errors: body.errors ?? [], details });
}
