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

/**
 * Reruns with the same input, on the graph that ran or on another version. With `from`, reuses everything that was finished before that
 * step and starts there. `key` prevents a second rerun.
 */
export async function rerun(
  context: ServiceContext,
  runId: string,
  wanted: { from?: string | undefined; version?: WantedVersion | undefined; prompts?: 'recorded' | 'current' | undefined },
  key?: CallKey,
): Promise<Run> {
  const earlier = await getRunRecord(context, runId);
  refuseRemoved(earlier);
  const workflow = await getWorkflowRecord(context, earlier.workflowId);
  if (wanted.from !== undefined) await refuseUnknownStep(context, runId, wanted.from);
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
    rerun: { runId, from: wanted.from },
    key,
    prompts: wanted.prompts === 'current' ? undefined : await recordedPrompts(context, runId),
  });
  return getRun(context, record.id);
}

/** The versions of prompts that a run used, from its first event. */
async function recordedPrompts({ store }: ServiceContext, runId: string): Promise<readonly ResolvedPrompt[] | undefined> {
  const [first] = await readEvents(store, runId, 1, 1);
  return first?.type === 'run-started' ? first.prompts : undefined;
}

async function refuseUnknownStep(context: ServiceContext, runId: string, stepId: string): Promise<void> {
  const { steps } = await getRun(context, runId);
  if (steps.some((step) => step.id === stepId)) return;
  throw new AppError('bad-request', `The run has no step “${stepId}” to rerun from.`, { fields: [{ path: 'from', message: 'is not a step of this run' }] });
}
