import { z } from 'zod';

interface ErrorRule {
  readonly status: number;
  readonly title: string;
  /** Retrying the same request may work. */
  readonly retryable?: boolean;
  /** The message may be shown. Otherwise the title replaces it. */
  readonly safe: boolean;
}

const rule = (status: number, title: string, more: { retryable?: boolean; safe?: boolean } = {}): ErrorRule => ({
  status,
  title,
  safe: more.safe ?? true,
  ...(more.retryable && { retryable: true }),
});

/** Every error of the product by its code: HTTP status, title, whether to retry, and whether its message may be shown. */
export const ERRORS = {
  'bad-request': rule(400, 'Invalid request'),
  'bad-json': rule(400, 'The body is not valid JSON'),
  'bad-input': rule(400, 'The input doesn’t match the workflow’s schema'),
  'bad-graph': rule(400, 'Invalid workflow graph'),
  unsupported: rule(400, 'Not supported'),
  unauthorized: rule(401, 'Sign in to continue'),
  'wrong-password': rule(401, 'Wrong password'),
  'bad-signature': rule(401, 'Missing or invalid signature'),
  forbidden: rule(403, 'Not allowed'),
  'bad-host': rule(403, 'Host not allowed'),
  'bad-origin': rule(403, 'Origin not allowed'),
  'not-found': rule(404, 'Not found'),
  'not-published': rule(404, 'This workflow isn’t published yet'),
  'method-not-allowed': rule(405, 'Method not allowed'),
  'request-timeout': rule(408, 'The body didn’t arrive in time', { retryable: true }),
  'revision-conflict': rule(409, 'This workflow was changed elsewhere'),
  'already-decided': rule(409, 'This review is already decided'),
  'run-ended': rule(409, 'The run has ended'),
  'callback-closed': rule(409, 'This callback is closed'),
  'conversation-busy': rule(409, 'The last message is still being answered', { retryable: true }),
  'already-exists': rule(409, 'Already exists'),
  'in-use': rule(409, 'Still in use'),
  'too-large': rule(413, 'The body is too large'),
  'unsupported-media-type': rule(415, 'Unsupported content type'),
  'payload-removed': rule(410, 'The data was removed'),
  'file-removed': rule(410, 'The file was removed'),
  'redaction-refused': rule(422, 'The data policy doesn’t accept this'),
  'graph-has-problems': rule(422, 'Fix the workflow’s problems first'),
  'idempotency-mismatch': rule(422, 'Idempotency key reused with a different body'),
  'rate-limited': rule(429, 'Too many requests', { retryable: true }),
  'queue-full': rule(429, 'The queue of this workflow is full', { retryable: true }),
  internal: rule(500, 'Internal server error', { safe: false }),
  paused: rule(503, 'This workflow is paused', { retryable: true }),
  killed: rule(503, 'Stopped by a kill switch', { retryable: true }),
  'not-ready': rule(503, 'The server isn’t ready', { retryable: true }),
  overloaded: rule(503, 'The server is overloaded', { retryable: true }),

  // Steps and runs.
  'expression-failed': rule(422, 'Expression failed'),
  'bad-output': rule(422, 'The output doesn’t match its schema'),
  'node-failed': rule(422, 'The step failed'),
  'code-failed': rule(422, 'The code failed'),
  'unreadable-file': rule(422, 'The file can’t be read'),
  'no-text': rule(422, 'The file has no text'),
  timeout: rule(504, 'The step timed out', { retryable: true }),
  'step-crashed': rule(500, 'The server stopped three times during this step'),
  'run-crashed': rule(500, 'The server stopped three times while this run was active'),
  'step-interrupted': rule(500, 'The step was interrupted and can’t be retried automatically'),
  'not-a-list': rule(422, 'Not a list'),
  'item-failed': rule(422, 'An item failed'),
  'callback-overdue': rule(504, 'No callback arrived in time'),
  'child-failed': rule(422, 'The sub-workflow failed'),
  'too-deep': rule(422, 'Nested too deeply'),
  'loop-limit': rule(422, 'Loop limit reached'),
  cancelled: rule(499, 'The run was canceled'),
  'output-failure': rule(422, 'The workflow ended in a failed output'),
  guardrail: rule(422, 'Blocked by a guardrail'),
  'gate-failed': rule(422, 'The version didn’t pass the gate'),
  stopped: rule(422, 'Stopped before an effect'),

  // Models, HTTP requests, and the network.
  'egress-refused': rule(403, 'Address blocked'),
  'connect-failed': rule(502, 'Connection failed', { retryable: true }),
  'dns-failed': rule(502, 'Host not found', { retryable: true }),
  'unexpected-status': rule(502, 'Unexpected response status'),
  'response-too-large': rule(502, 'Response too large'),
  'bad-response': rule(502, 'Unreadable response'),
  'unknown-route': rule(422, 'Model route not found'),
  'prompt-not-found': rule(422, 'Prompt not found'),
  'prompt-variables': rule(422, 'The variables don’t match the prompt'),
  'budget-exceeded': rule(429, 'Budget used up', { retryable: true }),
  'no-target': rule(422, 'The model route has no targets'),
  'provider-auth': rule(502, 'The model provider rejected the API key'),
  'provider-rate-limited': rule(429, 'Rate limited by the model provider', { retryable: true }),
  'provider-overloaded': rule(503, 'The model provider is overloaded', { retryable: true }),
  'provider-unavailable': rule(502, 'The model provider is unavailable', { retryable: true }),
  'provider-refused': rule(422, 'The model provider rejected the request'),
  'circuit-open': rule(503, 'Model not called after repeated failures', { retryable: true }),
  'connection-busy': rule(429, 'No turn on the connection in time', { retryable: true }),
  'provider-timeout': rule(504, 'The model timed out', { retryable: true }),
  'empty-answer': rule(502, 'The model returned an empty response', { retryable: true }),
  'bad-answer': rule(502, 'The model’s output doesn’t match the schema', { retryable: true }),
  'unknown-secret': rule(422, 'Connection not found'),
  reconnect: rule(503, 'The connection must be reconnected'),
  'secret-unreadable': rule(503, 'Stored secret can’t be decrypted'),
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

/** The only error class: a code of the table, a message for people, a place, and a cause. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly place: ErrorPlace;
  readonly fields: readonly FieldError[];
  /** When to retry, in ms from now, for 429 and 503. */
  readonly retryAfterMs: number | undefined;
  /** More for the caller (`currentDraft`, `decidedBy`, …). Must be safe to show. */
  readonly details: Readonly<Record<string, unknown>>;
  /** The request can't have had an effect (DNS, connect, 429), so even an unsafe step may be retried (S11). */
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

/** Whether a thrown value is an AppError with this code. */
export const isAppError = (thrown: unknown, code: ErrorCode): thrown is AppError => thrown instanceof AppError && thrown.code === code;

/** Turns anything thrown into an AppError. Anything else becomes `internal`, with its cause kept. */
export const toAppError = (thrown: unknown, fallback: ErrorCode = 'internal'): AppError =>
  thrown instanceof AppError ? thrown : new AppError(fallback, thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });

/**
 * What a caller outside the workspace learns about a failed run or model call. Never the message: it may name hosts, connections, and
 * budgets, or quote a provider (S23). Only what the caller’s own input lacks, or why a file in it can’t be read, is said.
 */
export function messageForCaller(error: Pick<ErrorData, 'code' | 'details'>): string {
  const { code, details } = error;
  const { title } = ERRORS[code];
  const file = fileFault(error);
  if (file) return `${ERRORS[file.code].title}: ${file.words}`;
  if (code === 'expression-failed' && typeof details?.missingInput === 'string') return `${title}: “${details.missingInput}” is missing from the input`;
  if (code === 'prompt-variables' && typeof details?.variables === 'string') return `${title}: ${details.variables}`;
  return title;
}

/** An error as stored in journals, run records, and steps. */
export const errorDataSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  /** What to do about it, if known. */
  hint: z.string().optional(),
  nodeKey: z.string().optional(),
  stepId: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type ErrorData = z.infer<typeof errorDataSchema>;

/** RFC 9457 problem details, the body of every error response. */
export const problemDetailsSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.enum(errorCodes),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type ProblemDetails = z.infer<typeof problemDetailsSchema>;

type Failure = Pick<ErrorData, 'code' | 'details'>;

/** Why a file that the caller sent can’t be read, also if that fails an item of a list. Undefined for other errors. */
export function fileFault(error: Failure): { readonly code: ErrorCode; readonly words: string } | undefined {
  const { code, details } = innermostError(error, ['item-failed']);
  return typeof details?.sentFile === 'string' ? { code, words: details.sentFile } : undefined;
}

const MOST_NESTED = 50;

/** What made an item or a child run fail, however deep. The error itself if it has no cause of its own. */
export function innermostError<T extends Failure>(error: T, through: readonly ErrorCode[] = ['item-failed', 'child-failed']): T | ErrorData {
  let inner: T | ErrorData = error;
  for (let level = 0; level < MOST_NESTED && through.includes(inner.code); level++) {
    const cause = errorDataSchema.safeParse(inner.details?.cause);
    if (!cause.success) break;
    inner = cause.data;
  }
  return inner;
}
