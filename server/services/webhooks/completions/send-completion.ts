import { ERRORS, messageForCaller, toAppError } from '@switchyard/shared/errors.ts';
import type { Egress } from '../../../egress/egress.ts';
import type { Secrets } from '../../../secrets/secrets.ts';
import { type RunRecord, webhooks } from '../../../store/collections.ts';
import type { CompletionRecord } from '../../../store/triggers/completion-collection.ts';
import type { RunStarting } from '../../runs/accept-run.ts';
import { outputForCaller } from '../../runs/run-status.ts';
import { standardHeadersFor } from '../signatures.ts';
import { completionSealName } from './completion-secret.ts';

/** The timeout of one attempt. */
const LIMIT_MS = 15_000;
/** Characters of an output that is sent. A larger one is read from the status URL. */
const MOST_OUTPUT = 1_000_000;
const LONGEST_ERROR = 300;

export interface SendParts {
  readonly egress: Pick<Egress, 'fetchFor'>;
  readonly secrets: Pick<Secrets, 'open'>;
  /** The base of links. */
  readonly address: string;
}

/** How an attempt ended. `isGone`: the receiver wants no more. */
export type Sent = NonNullable<CompletionRecord['last']> & { readonly isGone: boolean };

/** Makes one attempt, signed according to Standard Webhooks. Rejects only with the signal’s reason. */
export async function sendCompletion(
  parts: SendParts,
  context: RunStarting,
  { url, workflowId }: CompletionRecord,
  run: RunRecord,
  signal: AbortSignal,
): Promise<Sent> {
  const at = context.now().toISOString();
  const limit = AbortSignal.timeout(LIMIT_MS);
  try {
    const sealed = (await context.store.get(webhooks, workflowId))?.completionSecret;
    const body = JSON.stringify(await contentOf(context, run, parts.address));
    const signed =
      sealed === undefined ? {} : standardHeadersFor(parts.secrets.open(sealed, completionSealName(workflowId)), { id: run.id, now: context.now(), body });
    const headers = { 'content-type': 'application/json', 'idempotency-key': run.id, ...signed };
    const both = AbortSignal.any([signal, limit]);
    const response = await parts.egress.fetchFor({ allowLoopback: false })(url, { method: 'POST', headers, body, signal: both });
    await response.body?.cancel();
    return { at, status: response.status, error: response.ok ? null : `The URL returned ${response.status}.`, isGone: response.status === 410 };
  } catch (thrown) {
    signal.throwIfAborted();
    return { at, status: null, error: limit.aborted ? `No response within ${LIMIT_MS / 1_000} s.` : reasonOf(thrown), isGone: false };
  }
}

function reasonOf(thrown: unknown): string {
  const { code, message } = toAppError(thrown);
  return ERRORS[code].safe ? message.slice(0, LONGEST_ERROR) : ERRORS[code].title;
}

/** The same on each attempt, except that the data policy may have removed the output. */
async function contentOf(context: RunStarting, run: RunRecord, address: string) {
  const { id: runId, workflowId, status, error, endedAt, statusToken } = run;
  const output = await outputForCaller(context, run).catch((thrown: unknown) => {
    if (toAppError(thrown).code === 'payload-removed') return null;
    throw thrown;
  });
  const isLeftOut = (JSON.stringify(output) ?? '').length > MOST_OUTPUT;
  return {
    type: 'run.ended',
    timestamp: endedAt,
    data: {
      runId,
      workflowId,
      status,
      output: isLeftOut ? null : (output ?? null),
      error: error && { code: error.code, message: messageForCaller(error) },
      statusUrl: `${address}/hooks/status/${statusToken}`,
    },
  };
}
