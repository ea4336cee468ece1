import type { Workflow } from '@switchyard/shared/contracts/workflows.ts';
import type { ServiceContext } from '../context.ts';
import { budgetsOf } from '../money/included-budgets.ts';
import { includedPolicy } from '../policies/policies.ts';
import { includedQueue } from '../queue/queue-settings.ts';
import { createFrom } from '../sharing/create-from.ts';
import { includedTriggers } from '../triggers/included-triggers.ts';
import { tagsOf } from './tags.ts';
import { getWorkflowRecord } from './workflow-record.ts';

/** Leaves room for the suffix within 200 characters. */
const COPIED_LENGTH = 180;

/**
 * A new workflow with the draft of another one, its connections, prompts, policy, budgets, limits, and tags, and its triggers, turned off.
 * It has a webhook of its own, and no versions, runs, or state.
 */
export async function duplicateWorkflow(context: ServiceContext, id: string, name?: string): Promise<Workflow> {
  const source = await getWorkflowRecord(context, id);
  const [policies, budgets, queue, triggers] = await Promise.all([
    includedPolicy(context, id),
    budgetsOf(context, id),
    includedQueue(context, id),
    includedTriggers(context, id),
  ]);
  const { workflow } = await createFrom(context, {
    name: name ?? `${source.name.slice(0, COPIED_LENGTH)} (copy)`,
    description: source.description,
    graph: source.draft,
    tags: tagsOf(source),
    policies,
    budgets,
    queue,
    triggers,
    reason: `Duplicated from “${source.name}”`,
    ...(source.templateSlug !== null && { templateSlug: source.templateSlug }),
  });
  return workflow;
}
