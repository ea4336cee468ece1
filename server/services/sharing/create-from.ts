import type { Workflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { promptRefText } from '@switchyard/shared/model/prompt-ref.ts';
import { type Included, withPromptRefs } from '@switchyard/shared/sharing/included.ts';
import { checkPatterns } from '../../redaction/check-patterns.ts';
import type { ServiceContext } from '../context.ts';
import { budgetsFor, createBudgetsOf } from '../money/included-budgets.ts';
import { savePolicy } from '../policies/policies.ts';
import { placePrompts } from '../prompts/included-prompts.ts';
import { checkPrompts, promptGroups } from '../prompts/prompt-groups.ts';
import { saveQueueSettings } from '../queue/queue-settings.ts';
import { placeTables } from '../tables/included-tables.ts';
import { checkIncludedTriggers, createIncludedTriggers } from '../triggers/included-triggers.ts';
import { createWorkflow } from '../workflows/create-workflow.ts';

interface Source extends Included {
  readonly name: string;
  readonly description: string;
  readonly graph: Graph;
  readonly tags?: readonly string[] | undefined;
  /** For the audit trail of what it includes. */
  readonly reason?: string;
  readonly templateSlug?: string;
}

/** A new workflow, and its differences from the original, one sentence each. */
export interface Created {
  readonly workflow: Workflow;
  readonly notes: string[];
}

/**
 * Creates a workflow from a file, a link, or a template, with the prompts, the policy, the budgets, and the triggers that it includes (S53a).
 * They exist before the workflow does, and its triggers are off. Throws `bad-request` before anything is created.
 */
export async function createFrom(
  context: ServiceContext,
  { prompts = [], policies, budgets = [], queue, triggers = [], tables = [], graph, reason: given, ...about }: Source,
): Promise<Created> {
  const reason = given ?? `Imported with “${about.name}”`;
  checkPatterns(policies?.redaction ?? [], 'policies.redaction');
  checkIncludedTriggers(context, triggers);
  await checkPrompts(prompts);
  const money = await budgetsFor(context, budgets);
  const ofTables = await placeTables(context, tables);
  const placed = await placePrompts(context, await promptGroups(prompts), reason);
  const workflow = await createWorkflow(context, {
    ...about,
    graph: withPromptRefs(graph, (ref) => placed.refs.get(promptRefText(ref))),
    prepare: async (workflowId) => {
      if (policies) await savePolicy(context, workflowId, { ...policies, reason });
      if (queue) await saveQueueSettings(context, workflowId, { ...queue, reason });
      await createBudgetsOf(context, workflowId, money.budgets, reason);
      await createIncludedTriggers(context, workflowId, triggers, reason);
    },
  });
  return { workflow, notes: [...placed.notes, ...money.notes, ...ofTables] };
}
