import type { Run } from '@switchyard/shared/contracts/runs.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { ResolvedPrompt } from '@switchyard/shared/model/prompt-ref.ts';
import { actorOf } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { enterRun } from '../policies/enter-run.ts';
import { copyTokens } from '../policies/token-vault.ts';
import type { CallKey } from '../webhooks/call-keys.ts';
import { loadFrozenGraph } from '../workflows/frozen-graph.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { acceptRun } from './accept-run.ts';
import { getRun, getRunRecord, refuseRemoved } from './get-run.ts';
import { readEvents } from './journal-events.ts';
import { loadValue } from './load-value.ts';
import { runnable, type WantedVersion } from './start-run.ts';

interface RerunRequest {
  readonly from?: string | undefined;
  readonly failedItems?: boolean | undefined;
  readonly version?: WantedVersion | undefined;
  readonly prompts?: 'recorded' | 'current' | undefined;
}

/**
 * Reruns with the same input, on the graph that ran or on another version. With `from`, reuses everything that was finished before that
 * step and starts there. With `failedItems`, also reuses the succeeded items of that for-each step (S37). `key` prevents a second rerun.
 */
export async function rerun(context: ServiceContext, runId: string, wanted: RerunRequest, key?: CallKey): Promise<Run> {
  const earlier = await getRunRecord(context, runId);
  refuseRemoved(earlier);
  const workflow = await getWorkflowRecord(context, earlier.workflowId);
  await refuseStart(context, runId, wanted);
  const chosen =
    wanted.version === undefined
      ? { number: earlier.version, ...(await loadFrozenGraph(context, earlier.graphHash)) }
      : await runnable(context, workflow, wanted.version);
  const body = await loadValue(context, earlier.triggerData.body);
  const policy = await context.policies.ofWorkflow(context.store, workflow.id);
  const entered = await enterRun(context, policy, workflow.id, { ...earlier.triggerData, kind: 'rerun', body });
  if (entered.id !== undefined) await copyTokens(context.store, context.policies.secrets, runId, { runId: entered.id, workspaceId: context.workspaceId });
  const { record } = await acceptRun(context, {
    workflow,
    version: chosen.number,
    graphHash: chosen.hash,
    ...entered,
    labels: earlier.labels,
    actor: actorOf(context.caller),
    rerun: { runId, from: wanted.from, failedItems: wanted.failedItems },
    key,
    prompts: wanted.prompts === 'current' ? undefined : await recordedPrompts(context, runId),
  });
  return getRun(context, record.id);
}

/** The versions of prompts that a run used, from its first event. */
export async function recordedPrompts({ store }: Pick<ServiceContext, 'store'>, runId: string): Promise<readonly ResolvedPrompt[] | undefined> {
  const [first] = await readEvents(store, runId, 1, 1);
  return first?.type === 'run-started' ? first.prompts : undefined;
}

/** Throws `bad-request` if the run can’t be rerun from there. */
async function refuseStart(context: ServiceContext, runId: string, { from, failedItems = false }: RerunRequest): Promise<void> {
  if (from === undefined && !failedItems) return;
  const step = (await getRun(context, runId)).steps.find(({ id }) => id === from);
  const refuse = (detail: string, path: string, message: string): never => {
    throw new AppError('bad-request', detail, { fields: [{ path, message }] });
  };
  if (from !== undefined && !step) refuse(`The run has no step “${from}” to rerun from.`, 'from', 'is not a step of this run');
  if (!failedItems) return;
  if (!step?.items) return refuse('Only the items of a For-each can be retried. Send its step as “from”.', 'from', 'must be a For-each with a list');
  if (step.items.succeeded === step.items.count) refuse('Every item succeeded, so there is nothing to retry.', 'failedItems', 'has no failed items to retry');
}
