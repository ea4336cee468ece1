import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { getRunStatus } from '@switchyard/shared/contracts/runs.ts';
import { AppError, messageForCaller } from '@switchyard/shared/errors.ts';
import { isRemoved } from '@switchyard/shared/run/removed.ts';
import { type RunRecord, runs, webhooks } from '../../store/collections.ts';
import { linkCaller } from '../caller.ts';
import type { Installation } from '../context.ts';
import { openCapability } from '../directory.ts';
import { keptReply } from '../policies/ended-runs.ts';
import { restoreTokens } from '../policies/token-vault.ts';
import type { RunStarting } from './accept-run.ts';
import { refuseRemoved, replyOf } from './get-run.ts';
import { loadValue } from './load-value.ts';

const openStatus = (installation: Installation, token: string) =>
  openCapability(installation, {
    collection: runs,
    field: 'statusToken',
    token,
    callerOf: ({ workspaceId }: RunRecord) => linkCaller(workspaceId, 'status URL'),
  });

/** What the caller of a webhook may see of its run through the status URL: status and output. */
export async function runStatus(installation: Installation, token: string): Promise<ReplyOf<typeof getRunStatus>> {
  const opened = await openStatus(installation, token);
  if (!opened) throw new AppError('not-found', 'Run not found. Check the status URL.');
  const { context, record: run } = opened;
  return {
    runId: run.id,
    status: run.status,
    output: await outputForCaller(context, run),
    error: run.error && { code: run.error.code, message: messageForCaller(run.error) },
  };
}

/** The run’s output, with real values instead of tokens if its Output node says so. */
export async function outputForCaller(context: RunStarting, run: RunRecord): Promise<unknown> {
  if (run.payloadsRemovedAt === undefined && run.triggerData.sealed !== undefined) return openOutput(context, run);
  const kept = run.payloadsRemovedAt === undefined ? undefined : await keptReply(context.store, run, context.now());
  if (kept === undefined) refuseRemoved(run);
  const output = kept ? kept.value : ((await loadValue(context, run.output)) ?? null);
  if (run.policy === undefined || !(kept ?? (await replyOf(context, run.id)))?.restore) return output;
  return restoreTokens(context.store, context.policies.secrets, run.id, output);
}

/** How long reading the state of a run may take. */
const LOOK_MS = 1_000;

/** The output of a run whose values are encrypted while it is open. */
async function openOutput(context: RunStarting, run: RunRecord): Promise<unknown> {
  const settled = await context.engine.settled(run.id, LOOK_MS);
  if (settled.kind !== 'reply') return null;
  // It has ended in the meantime, and its policy removed it.
  const reply = isRemoved(settled.reply.value) ? await keptReply(context.store, run, context.now()) : settled.reply;
  if (!reply) throw new AppError('payload-removed', 'The data policy of this run doesn’t keep its values.');
  return reply.restore ? restoreTokens(context.store, context.policies.secrets, run.id, reply.value) : (reply.value ?? null);
}

/** The origins whose pages may read that status: those of the run’s webhook. */
export async function statusOrigins(installation: Installation, token: string): Promise<readonly string[]> {
  const opened = await openStatus(installation, token);
  const webhook = opened && (await opened.context.store.get(webhooks, opened.record.workflowId));
  return webhook?.allowedOrigins ?? [];
}
