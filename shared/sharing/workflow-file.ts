import { z } from 'zod';
import { bodyIssueMessage } from '../body-issue-message.ts';
import { workflowTags } from '../contracts/workflows.ts';
import { AppError } from '../errors.ts';
import { type Graph, type GraphEdge, type GraphNode, graphSchema } from '../graph/graph.ts';
import { checkFormat, fieldErrors } from './file-format.ts';
import { includedFields, orderedBudget, orderedPolicy, orderedPrompt, orderedQueue, orderedTable, orderedTrigger } from './included.ts';
import { toConnectSchema } from './to-connect.ts';

/*
 * A workflow as one file, with the prompts it uses, its data policy, its budgets, its limits, and its triggers (S53a). Owns the file format and how it is written and
 * read. Invariants: 1. The same workflow gives the same bytes: keys in a fixed order, one line per field, a line break at the end. 2. Reading
 * a file runs nothing and looks nothing up. 3. Params are kept unchanged, whatever their keys.
 */

/** What a file of this version starts with. */
export const FORMAT = 'switchyard/workflow@1';

export const workflowFileSchema = z.object({
  format: z.literal(FORMAT),
  name: z.string().trim().min(1).max(200),
  description: z.string().max(2000),
  /** Links and templates don’t have them. */
  tags: workflowTags.optional(),
  /** What to connect after an import, for people to read. Importing computes it again from the graph. */
  toConnect: z.array(toConnectSchema),
  ...includedFields,
  graph: graphSchema,
});
export type WorkflowFile = z.infer<typeof workflowFileSchema>;

/** What a file may omit. */
export const readableFile = workflowFileSchema.extend({
  description: workflowFileSchema.shape.description.default(''),
  toConnect: workflowFileSchema.shape.toConnect.default([]),
});

/** The file's text. */
export function writeWorkflowFile(workflow: Omit<WorkflowFile, 'format'>): string {
  const { name, description, tags = [], toConnect, prompts, policies, budgets, queue, triggers, tables, graph } = workflow;
  const file = {
    format: FORMAT,
    name,
    description,
    ...(tags.length > 0 && { tags }),
    toConnect: toConnect.map(({ kind, name: what, steps }) => ({ kind, name: what, steps })),
    prompts: prompts?.map(orderedPrompt),
    policies: policies && orderedPolicy(policies),
    budgets: budgets?.map(orderedBudget),
    queue: queue && orderedQueue(queue),
    triggers: triggers?.map(orderedTrigger),
    tables: tables?.map(orderedTable),
    graph: orderedGraph(graph),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

const orderedGraph = ({ vars, helpers, nodes, edges }: Graph) => ({ vars, helpers, nodes: nodes.map(orderedNode), edges: edges.map(orderedEdge) });

const orderedNode = ({ id, type, parentId, position, width, height, data }: GraphNode) => ({
  id,
  type,
  parentId,
  position: { x: position.x, y: position.y },
  width,
  height,
  data: {
    key: data.key,
    title: data.title,
    typeVersion: data.typeVersion,
    disabled: data.disabled,
    note: data.note,
    params: sorted(data.params),
    policy: data.policy && sorted(data.policy),
  },
});

const orderedEdge = ({ id, source, sourceHandle, target, targetHandle, data }: GraphEdge) => ({ id, source, sourceHandle, target, targetHandle, data });

/** Sorts params by name. The order inside them is kept because it matters: fields of a form, keys of a body. */
const sorted = (object: object): object =>
  Object.fromEntries(Object.entries(object).sort(([first], [second]) => (first < second ? -1 : first > second ? 1 : 0)));

/** Reads a file's value. Throws `bad-request`, or `bad-graph` if its graph is invalid. */
export function readWorkflowFile(value: unknown): WorkflowFile {
  checkFormat(value, { what: 'workflow', format: FORMAT });
  const parsed = readableFile.safeParse(value, { error: bodyIssueMessage });
  if (parsed.success) return parsed.data;
  const fields = fieldErrors(parsed.error);
  const code = fields.every(({ path }) => path.startsWith('graph')) ? 'bad-graph' : 'bad-request';
  throw new AppError(code, `Invalid workflow file: ${fields[0]?.path} ${fields[0]?.message}. Nothing was imported.`, { fields });
}
