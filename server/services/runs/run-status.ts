import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { getRunStatus } from '@switchyard/shared/contracts/runs.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import { linkCaller } from '../caller.ts';
import type { Installation } from '../context.ts';
import { openCapability } from '../directory.ts';
import { loadValue } from './load-value.ts';

/** What the caller of a webhook may know of its run, by the status URL: its status and output. */
export async function runStatus(installation: Installation, token: string): Promise<ReplyOf<typeof getRunStatus>> {
  const callerOf = ({ workspaceId }: RunRecord) => linkCaller(workspaceId, 'status URL');
  const opened = await openCapability(installation, { collection: runs, field: 'statusToken', token, callerOf });
  if (!opened) throw new AppError('not-found', 'Run not found. Check the status URL.');
  const { context, record: run } = opened;
  return {
    runId: run.id,
    status: run.status,
    output: (await loadValue(context, run.output)) ?? null,
    error: run.error && { code: run.error.code, message: run.error.message },
  };
}
