import { randomUUID } from 'node:crypto';
import type { TriedCode, tryCode } from '@switchyard/shared/contracts/code.ts';
import { isAppError } from '@switchyard/shared/errors.ts';
import { isBlobRef } from '@switchyard/shared/run/blob.ts';
import type { z } from 'zod';
import type { CodePool } from '../../code/code-pool.ts';
import type { ServiceContext } from '../context.ts';
import { getRunBlob } from '../runs/load-value.ts';
import { overloaded } from '../webhooks/overload.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';

/* Tries user code outside any run. Invariant: a bounded number at once, so that the page can’t crowd out runs. */

const MOST_AT_ONCE = 8;

type TryBody = z.output<typeof tryCode.body>;

export type TryCode = (context: ServiceContext, workflowId: string, body: TryBody, signal: AbortSignal) => Promise<TriedCode>;

export function createCodeTries(pool: Pick<CodePool, 'run'>): TryCode {
  let running = 0;
  return async (context, workflowId, body, signal) => {
    if (running >= MOST_AT_ONCE) throw overloaded();
    running++;
    try {
      await getWorkflowRecord(context, workflowId);
      const { source, helpers, seconds } = body;
      const scope = JSON.stringify(await wholeScope(context, body));
      const request = { source, helpers, scope, now: context.now().getTime(), seed: randomUUID(), timeoutMs: seconds * 1_000 };
      const { outcome, console, leftOut, ms } = await pool.run({ ...request, group: workflowId, signal });
      const seen = { console: [...console], leftOut, ms: Math.round(ms) };
      if ('output' in outcome) return { output: outcome.output, error: null, ...seen };
      if (!isAppError(outcome.error, 'code-failed')) throw outcome.error;
      return { error: { message: outcome.error.message, ...outcome.error.details }, ...seen };
    } finally {
      running--;
    }
  };
}

/** The scope with the large values of its run. A reference elsewhere, or without a run, is an ordinary value. */
async function wholeScope(context: ServiceContext, { scope, runId }: TryBody) {
  const { input, item, steps = {}, index, vars = {} } = scope;
  const whole = async (value: unknown): Promise<unknown> => (runId !== undefined && isBlobRef(value) ? getRunBlob(context, runId, value.$blob) : value);
  const outputs = await Promise.all(Object.entries(steps).map(async ([key, output]) => [key, await whole(output)] as const));
  return { input: await whole(input), steps: Object.fromEntries(outputs), item: await whole(item), index, vars };
}
