import { z } from 'zod';
import { verbatimObject } from '../json.ts';

/** The only output port of a node that does not branch. */
export const OUT = 'out';
/** The output port a run takes when a node fails under `onError: branch`. */
export const ERROR_PORT = 'error';
/** The node type that waits for a request to a URL. Expressions name the URL as `run.callbacks.<key>`. */
export const CALLBACK_TYPE = 'callback';
/** The node type of a frame around other nodes: layout only. It never runs, and edges cross its border freely. */
export const GROUP_TYPE = 'group';
/** The input port of a node. */
export const IN = 'in';

export const retrySchema = z.object({
  /** How many retries follow the first attempt. */
  max: z.number().int().min(0).max(20),
  backoffMs: z.number().int().min(0).max(3_600_000),
  factor: z.number().min(1).max(10),
  /** Random share of the wait, 0 to 1. */
  jitter: z.number().min(0).max(1),
});
export type Retry = z.infer<typeof retrySchema>;

export const policySchema = z.object({
  /** Timeout of one attempt in ms, not counting waits and backoff. */
  timeoutMs: z.number().int().min(1).max(86_400_000).optional(),
  retry: retrySchema.optional(),
  onError: z.enum(['fail', 'branch', 'continue-with']).optional(),
  /** The output used under `continue-with`. */
  continueWith: z.unknown().optional(),
  onInterrupted: z.enum(['ask', 'fail']).optional(),
});
export type Policy = z.infer<typeof policySchema>;

export const nodeDataSchema = z.object({
  key: z.string().max(100),
  title: z.string().max(200),
  typeVersion: z.number().int().min(1),
  params: verbatimObject,
  policy: policySchema.optional(),
  disabled: z.boolean().optional(),
  note: z.string().max(10_000).optional(),
});

/** A node as React Flow saves it. View state (`measured`, `selected`, …) is dropped, and `params` are kept unchanged (S3). */
export const nodeSchema = z.object({
  id: z.string().min(1).max(200),
  type: z.string().min(1).max(100),
  position: z.object({ x: z.number(), y: z.number() }),
  parentId: z.string().max(200).optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  data: nodeDataSchema,
});

/** How often a loop edge restarts its target, unless it sets its own limit (S7). */
export const LOOP_LIMIT = 10;
/** The highest limit of a loop edge. */
export const MOST_LOOPS = 1_000;

export const edgeSchema = z.object({
  id: z.string().min(1).max(500),
  source: z.string().max(200),
  target: z.string().max(200),
  sourceHandle: z.string().max(200).nullish(),
  targetHandle: z.string().max(200).nullish(),
  /** `back` marks a loop edge: it closes a cycle and starts a new round of its target (S1). `limit`: how often it may do so (S7). */
  data: z.object({ back: z.boolean().optional(), limit: z.number().int().min(1).max(MOST_LOOPS).optional() }).optional(),
});

/** Characters of user code: the source of a code node, or the helpers of a workflow. */
export const MOST_CODE = 50_000;

export const graphSchema = z.object({
  nodes: z.array(nodeSchema).max(2_000),
  edges: z.array(edgeSchema).max(10_000),
  /** Values set per workflow. Expressions read them as `vars.<name>` (S29). */
  vars: verbatimObject.optional(),
  /** Source of a module in JavaScript. Code nodes call what it exports as `helpers.<name>` (S73). */
  helpers: z.string().max(MOST_CODE).optional(),
});

export type GraphNode = z.infer<typeof nodeSchema>;
export type GraphEdge = z.infer<typeof edgeSchema>;
export type Graph = z.infer<typeof graphSchema>;

/** The output port an edge starts at. */
export const outPort = (edge: GraphEdge): string => edge.sourceHandle ?? OUT;
/** Whether an edge is a loop edge. */
export const isLoopEdge = (edge: GraphEdge): boolean => edge.data?.back === true;

/** How often a loop edge may restart its target (S7). */
export const loopLimit = (edge: GraphEdge): number => edge.data?.limit ?? LOOP_LIMIT;

export const emptyGraph = (): Graph => ({ nodes: [], edges: [], vars: {} });
