import { z } from 'zod';
import { type QueueContent, queueContent } from '../contracts/controls/queue.ts';
import { budgetFields } from '../contracts/money.ts';
import { policyContent } from '../contracts/policies.ts';
import { promptContentFields, promptName } from '../contracts/prompts.ts';
import { chatSettings, formSettings } from '../contracts/triggers/hosted-pages.ts';
import { queueSettings } from '../contracts/triggers/queue.ts';
import { errorSettings, scheduleSettings, workflowEndedSettings } from '../contracts/triggers/triggers.ts';
import type { Graph, GraphNode } from '../graph/graph.ts';
import { type PromptRef, promptRefOf, promptRefText } from '../model/prompt-ref.ts';
import { COLUMN_TYPES, columnName, MOST_COLUMNS, MOST_TABLES, tableName } from '../tables/table.ts';

/* What a file, a link, or a template includes besides the graph: prompts, the data policy, budgets, limits, and triggers of the workflow, and the tables it names (S53a). No history. */

/** A version of a prompt, with the label or the number by which nodes name it. */
export const includedPromptSchema = z.object({
  name: promptName,
  description: z.string().max(500).optional(),
  label: promptName.optional(),
  /** Counts only the versions in the file. */
  version: z.number().int().min(1).optional(),
  ...promptContentFields,
});
export type IncludedPrompt = z.infer<typeof includedPromptSchema>;

/** A budget of the workflow, or of one of its nodes, with the node’s key as `id`. */
export const includedBudgetSchema = z.object({
  ...budgetFields,
  scope: z
    .strictObject({ kind: z.enum(['workflow', 'node']), id: z.string().min(1).max(100).optional() })
    .refine(({ kind, id }) => (kind === 'node') === (id !== undefined), 'must be {kind: workflow}, or {kind: node} with the key of a node as id'),
});
export type IncludedBudget = z.infer<typeof includedBudgetSchema>;

/** The parts of a policy that are set. */
export const includedPolicySchema = policyContent.partial();
export type IncludedPolicy = z.infer<typeof includedPolicySchema>;

/** A trigger. A copy gets it turned off. A connection is only a name, and a watched workflow only an ID, which means nothing on another server. */
export const includedTriggerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('schedule'), ...scheduleSettings.shape }),
  z.object({ kind: z.literal('form'), ...formSettings.shape }),
  z.object({ kind: z.literal('chat'), ...chatSettings.shape }),
  z.object({ kind: z.literal('queue'), ...queueSettings.shape }),
  z.object({ kind: z.literal('workflow-ended'), ...workflowEndedSettings.shape }),
  z.object({ kind: z.literal('error'), ...errorSettings.shape }),
]);
export type IncludedTrigger = z.infer<typeof includedTriggerSchema>;

/** The columns of a table that nodes name. A file never has its rows. */
export const includedTableSchema = z.object({
  name: tableName,
  columns: z.array(z.object({ name: columnName, type: z.enum(COLUMN_TYPES), isKey: z.boolean().default(false) })).max(MOST_COLUMNS),
});
export type IncludedTable = z.infer<typeof includedTableSchema>;

type IncludedQueue = { readonly [K in keyof QueueContent]?: QueueContent[K] | undefined };

/** As many as a workflow can have. */
export const MOST_TRIGGERS = 50;

/** As many as a graph has nodes, because each may name a different prompt and have its own budget. */
const MOST = 2_000;

const promptList = z
  .array(includedPromptSchema)
  .max(MOST)
  .superRefine((prompts, issues) => {
    const seen = new Set<string>();
    for (const [index, prompt] of prompts.entries()) {
      const ref = promptRefText(prompt);
      if (seen.has(ref)) issues.addIssue({ code: 'custom', path: [index, 'name'], message: `appears twice: “${ref}”` });
      seen.add(ref);
    }
  });

/** Fields of a file or template. A file omits what it doesn’t have. */
export const includedFields = {
  prompts: promptList.optional(),
  policies: includedPolicySchema.optional(),
  budgets: z.array(includedBudgetSchema).max(MOST).optional(),
  /** Its limits and its priority. */
  queue: queueContent.partial().optional(),
  triggers: z.array(includedTriggerSchema).max(MOST_TRIGGERS).optional(),
  tables: z.array(includedTableSchema).max(MOST_TABLES).optional(),
};
export interface Included {
  readonly prompts?: IncludedPrompt[] | undefined;
  readonly policies?: IncludedPolicy | undefined;
  readonly budgets?: IncludedBudget[] | undefined;
  readonly queue?: IncludedQueue | undefined;
  readonly triggers?: IncludedTrigger[] | undefined;
  readonly tables?: IncludedTable[] | undefined;
}

/** The parts of `from` that are included, and nothing else. */
export const includedParts = ({ prompts, policies, budgets, queue, triggers, tables }: Included): Included => ({
  ...(prompts && prompts.length > 0 && { prompts }),
  ...(policies && { policies }),
  ...(budgets && budgets.length > 0 && { budgets }),
  ...(queue && { queue }),
  ...(triggers && triggers.length > 0 && { triggers }),
  ...(tables && tables.length > 0 && { tables }),
});

/** A prompt with its keys in a fixed order, without what is empty. */
export const orderedPrompt = ({ name, description, label, version, messages, variables, outputSchema, parameters, variants, markData }: IncludedPrompt) => ({
  name,
  ...(description && { description }),
  label,
  version,
  messages: messages.map(orderedMessage),
  variables,
  outputSchema,
  parameters: parameters && { temperature: parameters.temperature, maxTokens: parameters.maxTokens },
  ...(variants.length > 0 && { variants: variants.map((variant) => ({ ...variant, messages: variant.messages.map(orderedMessage) })) }),
  ...(markData && { markData }),
});

const orderedMessage = ({ role, content }: IncludedPrompt['messages'][number]) => ({ role, content });

/** A policy with its keys in a fixed order. */
export const orderedPolicy = ({ redaction, logging, keep, replyMinutes, retention }: IncludedPolicy) => ({ redaction, logging, keep, replyMinutes, retention });

/** Limits with their keys in a fixed order. */
export const orderedQueue = ({ concurrency, priority, queueLimit }: IncludedQueue) => ({ concurrency, priority, queueLimit });

/** A table with its keys in a fixed order. */
export const orderedTable = ({ name, columns }: IncludedTable) => ({
  name,
  columns: columns.map(({ name: column, type, isKey }) => ({ name: column, type, isKey })),
});

/** A trigger with its keys in a fixed order. */
export function orderedTrigger(trigger: IncludedTrigger) {
  const { kind } = trigger;
  switch (kind) {
    case 'schedule': {
      const { cron, timeZone, missed, overlap, paused, input } = trigger;
      return { kind, cron, timeZone, missed, overlap, paused, ...(input && Object.keys(input).length > 0 && { input }) };
    }
    case 'form': {
      const { title, intro, thanks, perMinute, blockBots, frameAncestors } = trigger;
      return { kind, title, intro, thanks, perMinute, blockBots, frameAncestors };
    }
    case 'chat': {
      const { title, greeting, turns, perMinute, frameAncestors } = trigger;
      return { kind, title, greeting, turns, perMinute, frameAncestors };
    }
    case 'queue': {
      const { connectionId, stream, group, from } = trigger.source;
      return { kind, source: { connectionId, stream, group, from } };
    }
    case 'workflow-ended':
      return { kind, workflowId: trigger.workflowId, statuses: trigger.statuses };
    case 'error':
      return { kind, workflowId: trigger.workflowId };
  }
}

/** A budget with its keys in a fixed order. */
export const orderedBudget = ({ name, scope, period, timeZone, softMicros, onSoft, route, hardMicros, onHard, assumedPrice }: IncludedBudget) => ({
  name,
  scope: { kind: scope.kind, id: scope.id },
  period,
  timeZone,
  softMicros,
  onSoft,
  route,
  hardMicros,
  onHard,
  assumedPrice: assumedPrice && { input: assumedPrice.input, output: assumedPrice.output },
});

/** The graph with each reference to a prompt replaced by what `changed` says. Undefined keeps it. */
export function withPromptRefs(graph: Graph, changed: (ref: PromptRef) => PromptRef | undefined): Graph {
  const renamed = (node: GraphNode): GraphNode => {
    const ref = promptRefOf(node.data.params);
    const prompt = ref && changed(ref);
    return prompt ? { ...node, data: { ...node.data, params: { ...node.data.params, prompt } } } : node;
  };
  return { ...graph, nodes: graph.nodes.map(renamed) };
}
