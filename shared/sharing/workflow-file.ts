import { z } from 'zod';
import { AppError } from '../errors.ts';
import { type Graph, type GraphEdge, type GraphNode, graphSchema } from '../graph/graph.ts';
import { isPlainObject } from '../json.ts';
import { sentWords } from '../sent-words.ts';
import { toConnectSchema } from './to-connect.ts';

/*
 * A workflow as one file. Owns: its form, and how it is written and read. Invariants: 1. The same workflow gives the same bytes: keys
 * in a fixed order, one line for each field, a line break at the end. 2. Nothing in it is run or looked up by reading it. 3. What
 * params hold is kept as it is, whatever its keys are called.
 */

/** What a file of this version begins with. */
export const FORMAT = 'switchyard/workflow@1';
const VERSION = 1;

export const workflowFileSchema = z.object({
  format: z.literal(FORMAT),
  name: z.string().trim().min(1).max(200),
  description: z.string().max(2000),
  /** What is to be connected after an import: for people to read; it is worked out again from the graph. */
  toConnect: z.array(toConnectSchema),
  graph: graphSchema,
});
export type WorkflowFile = z.infer<typeof workflowFileSchema>;

/** What a file may leave out. */
export const readableFile = workflowFileSchema.extend({
  description: workflowFileSchema.shape.description.default(''),
  toConnect: workflowFileSchema.shape.toConnect.default([]),
});

/** The file's text. */
export function writeWorkflowFile({ name, description, toConnect, graph }: Omit<WorkflowFile, 'format'>): string {
  const needs = toConnect.map(({ kind, name: what, steps }) => ({ kind, name: what, steps }));
  return `${JSON.stringify({ format: FORMAT, name, description, toConnect: needs, graph: orderedGraph(graph) }, null, 2)}\n`;
}

const orderedGraph = ({ vars, nodes, edges }: Graph) => ({ vars, nodes: nodes.map(orderedNode), edges: edges.map(orderedEdge) });

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

/** Params by name. What lies below them stays in its order, which means something: fields of a form, keys of a body. */
const sorted = (object: object): object =>
  Object.fromEntries(Object.entries(object).sort(([first], [second]) => (first < second ? -1 : first > second ? 1 : 0)));

/** Reads a file's value. Throws `bad-request` with what is wrong with it, `bad-graph` when its graph is none. */
export function readWorkflowFile(value: unknown): WorkflowFile {
  checkFormat(value);
  const parsed = readableFile.safeParse(value, { error: sentWords });
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.slice(0, 50).map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  const code = fields.every(({ path }) => path.startsWith('graph')) ? 'bad-graph' : 'bad-request';
  throw new AppError(code, `This workflow file cannot be read: ${fields[0]?.path} ${fields[0]?.message}. Nothing was imported.`, { fields });
}

function checkFormat(value: unknown): void {
  const format = isPlainObject(value) && Object.hasOwn(value, 'format') ? value.format : undefined;
  const [, version] = typeof format === 'string' ? (/^switchyard\/workflow@(\d{1,9})$/.exec(format) ?? []) : [];
  if (Number(version) === VERSION) return;
  throw refusal(version === undefined ? `This is not a Switchyard workflow file: its “format” is not “${FORMAT}”.` : otherVersion(Number(version)));
}

const otherVersion = (version: number): string =>
  version > VERSION
    ? `This file was made by a newer Switchyard: it has version ${version} of the workflow format, and version ${VERSION} is the newest known here. Update this Switchyard, then import it again.`
    : `This file says it has version ${version} of the workflow format, which has never been. Export the workflow again.`;

const refusal = (message: string): AppError => new AppError('bad-request', `${message} Nothing was imported.`, { fields: [{ path: 'format', message }] });
