import { z } from 'zod';

interface ErrorRule {
  readonly status: number;
  readonly title: string;
  /** Trying the same again may work. */
  readonly retryable?: boolean;
  /** The message may be shown to whoever called; others are replaced by the title. */
  readonly safe: boolean;
}

const rule = (status: number, title: string, more: { retryable?: boolean; safe?: boolean } = {}): ErrorRule => ({
  status,
  title,
  safe: more.safe ?? true,
  ...(more.retryable && { retryable: true }),
});

/** Every error of the product by its code: HTTP status, title, whether to try again, whether its message may be shown. */
export const ERRORS = {
  'bad-request': rule(400, 'The request is not valid'),
  'bad-json': rule(400, 'The body is not valid JSON'),
  'bad-input': rule(400, "The input does not fit the workflow's schema"),
  'bad-graph': rule(400, 'This is not a graph'),
  unauthorized: rule(401, 'Sign in first'),
  'wrong-password': rule(401, 'The password is wrong'),
  'bad-signature': rule(401, 'The signature is missing or wrong'),
  forbidden: rule(403, 'Not allowed'),
  'bad-host': rule(403, 'This address is not one of ours'),
  'bad-origin': rule(403, 'Requests from that page are not allowed'),
  'not-found': rule(404, 'Not found'),
  'not-published': rule(404, 'This workflow has not been published yet'),
  'method-not-allowed': rule(405, 'Method not allowed'),
  'request-timeout': rule(408, 'The body did not arrive in time', { retryable: true }),
  'revision-conflict': rule(409, 'Somebody else saved this workflow'),
  'already-decided': rule(409, 'This was already decided'),
  'run-ended': rule(409, 'The run has ended'),
  'already-exists': rule(409, 'This exists already'),
  'in-use': rule(409, 'This is still in use'),
  'too-large': rule(413, 'The body is too large'),
  'unsupported-media-type': rule(415, 'This kind of body is not supported'),
  'graph-has-problems': rule(422, 'The workflow has problems that must be mended first'),
  'idempotency-mismatch': rule(422, 'This key was used with another body'),
  'rate-limited': rule(429, 'Too many requests', { retryable: true }),
  internal: rule(500, 'Something went wrong on our side', { safe: false }),
  paused: rule(503, 'This workflow is paused', { retryable: true }),
  'not-ready': rule(503, 'Not ready to take work', { retryable: true }),
  overloaded: rule(503, 'Too much to do right now', { retryable: true }),

  // Of steps and runs.
  'expression-failed': rule(422, 'An expression could not be evaluated'),
  'bad-output': rule(422, 'The result does not fit its schema'),
  'node-failed': rule(422, 'The step failed'),
  timeout: rule(504, 'The step took too long', { retryable: true }),
  'step-crashed': rule(500, 'The server stopped three times during this step'),
  'run-crashed': rule(500, 'The server stopped three times while this run was active'),
  'step-interrupted': rule(500, 'The step was cut off and must not be repeated by itself'),
  'loop-limit': rule(422, 'A way back was taken too often'),
  cancelled: rule(499, 'The run was stopped'),
  'output-failure': rule(422, 'The workflow ended in a failure output'),

  // Of models, tools and the network.
  'egress-refused': rule(403, 'This address may not be reached'),
  'connect-failed': rule(502, 'No connection', { retryable: true }),
  'dns-failed': rule(502, 'The name could not be resolved', { retryable: true }),
  'unexpected-status': rule(502, 'The other side answered with an unexpected status'),
  'response-too-large': rule(502, 'The answer is too large'),
  'bad-response': rule(502, 'The answer could not be understood'),
  'unknown-route': rule(422, 'There is no such model route'),
  'no-target': rule(422, 'The model route has no target'),
  'provider-auth': rule(502, 'The model provider refused the key'),
  'provider-rate-limited': rule(429, 'The model provider is rate limiting us', { retryable: true }),
  'provider-overloaded': rule(503, 'The model provider is overloaded', { retryable: true }),
  'provider-unavailable': rule(502, 'The model provider cannot be reached', { retryable: true }),
  'provider-refused': rule(422, 'The model provider refused the request'),
  'provider-timeout': rule(504, 'The model took too long', { retryable: true }),
  'empty-answer': rule(502, 'The model answered nothing', { retryable: true }),
  'bad-answer': rule(502, "The model's answer does not fit what was asked for", { retryable: true }),
  'unknown-secret': rule(422, 'There is no such connection'),
  'secret-unreadable': rule(503, 'A stored secret cannot be read'),
} as const satisfies Record<string, ErrorRule>;

export type ErrorCode = keyof typeof ERRORS;

export const errorCodes = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

export interface ErrorPlace {
  readonly workflowId?: string;
  readonly nodeKey?: string;
  readonly stepId?: string;
}

export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The one error class: a code of the table, words for a person, where, and what caused it. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly place: ErrorPlace;
  readonly fields: readonly FieldError[];
  /** When to try again, in ms from now; for 429 and 503. */
  readonly retryAfterMs: number | undefined;
  /** More for the receiver (`currentDraft`, `decidedBy`, …); must be safe to show. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Nothing can have happened on the other side (DNS, connect, 429), so even an unsafe step may be retried (S11). */
  readonly beforeEffect: boolean;

  constructor(
    code: ErrorCode,
    message?: string,
    more: {
      place?: ErrorPlace;
      fields?: readonly FieldError[];
      retryAfterMs?: number | undefined;
      details?: Record<string, unknown>;
      beforeEffect?: boolean;
      cause?: unknown;
    } = {},
  ) {
    super(message ?? ERRORS[code].title, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'AppError';
    this.code = code;
    this.place = more.place ?? {};
    this.fields = more.fields ?? [];
    this.retryAfterMs = more.retryAfterMs;
    this.details = more.details ?? {};
    this.beforeEffect = more.beforeEffect ?? false;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get retryable(): boolean {
    const known: ErrorRule = ERRORS[this.code];
    return known.retryable === true;
  }
}

/** Whether this was thrown, with this code. */
export const isAppError = (thrown: unknown, code: ErrorCode): thrown is AppError => thrown instanceof AppError && thrown.code === code;

/** Turns anything thrown into an AppError; what is not one becomes `internal`, with its cause kept. */
export const toAppError = (thrown: unknown, fallback: ErrorCode = 'internal'): AppError =>
  thrown instanceof AppError ? thrown : new AppError(fallback, thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });

/** An error as data: in journals, run records and steps. */
export const errorDataSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  /** What to do about it, where we know. */
  hint: z.string().optional(),
  nodeKey: z.string().optional(),
  stepId: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type ErrorData = z.infer<typeof errorDataSchema>;

/** RFC 9457 problem details, the body of every error reply. */
export const problemDetailsSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.enum(errorCodes),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type ProblemDetails = z.infer<typeof problemDetailsSchema>;
