import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { getRunStatus } from '@switchyard/shared/contracts/runs.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { runs } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { loadValue } from './load-value.ts';

/** What whoever triggered a run may know of it: its status and output, by the address that came with the 202. */
export async function runStatus(context: ServiceContext, token: string): Promise<ReplyOf<typeof getRunStatus>> {
  const found = await context.store.find(runs, { where: { statusToken: token }, limit: 1 });
  const run = found.items[0];
  if (!run) throw new AppError('not-found', 'There is no run with this status address.');
  return {
    runId: run.id,
    status: run.status,
    output: (await loadValue(context, run.output)) ?? null,
    error: run.error && { code: run.error.code, message: run.error.message },
  };
}
