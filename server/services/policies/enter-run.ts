import type { RunLabels, TriggerData } from '@switchyard/shared/run/events.ts';
import { timestamp } from '../context.ts';
import { newId } from '../ids.ts';
import type { NewRun, RunStarting } from '../runs/accept-run.ts';
import { noteEndingRun } from './ended-runs.ts';
import type { PolicyInForce } from './policy-library.ts';
import { createSeal } from './run-seal.ts';

/** What a run starts with, as its policy leaves it. */
export type EnteredRun = Pick<NewRun, 'id' | 'policy' | 'seal' | 'trigger'>;

/** Redacts what a run starts with, before anything is derived from it or stored. A child run names its parent. Throws `redaction-refused`: then no run starts. */
export async function enterRun(
  context: RunStarting,
  policy: PolicyInForce | undefined,
  workflowId: string,
  trigger: TriggerData,
  { id = newId('run', context.now()), parentId }: { readonly id?: string; readonly parentId?: string } = {},
): Promise<EnteredRun> {
  if (!policy) return { trigger };
  const redactor = redactorOf(context, policy, { runId: id, workflowId });
  const { kind, ...values } = trigger;
  const redacted = await redactor.value(values);
  await noteEndingRun(context.store, policy, { id, workspaceId: context.workspaceId }, timestamp(context));
  const isSealed = policy.content.logging === 'metadata';
  const seal = isSealed ? await createSeal(context.store, context.policies.secrets, { id, workspaceId: context.workspaceId }, parentId) : undefined;
  return { id, policy: policy.hash, seal, trigger: { kind, ...redacted } };
}

/** Labels that a caller gives a run. */
export const enterLabels = async (
  context: RunStarting,
  policy: PolicyInForce | undefined,
  run: { readonly runId: string; readonly workflowId: string },
  labels: RunLabels | undefined,
): Promise<RunLabels | undefined> => (policy && labels ? redactorOf(context, policy, run).value(labels) : labels);

export const redactorOf = (
  { policies, store, workspaceId }: RunStarting,
  policy: PolicyInForce,
  run: { readonly runId: string; readonly workflowId: string },
) => policies.redactor(store, policy.rules, { ...run, workspaceId });
