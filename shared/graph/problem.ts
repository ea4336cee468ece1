import { z } from 'zod';

export const PROBLEM_CODES = [
  'unknown-node-type',
  'newer-node-type',
  'bad-params',
  'bad-key',
  'duplicate-key',
  'duplicate-id',
  'dangling-edge',
  'unknown-port',
  'unwired-port',
  'unwired-error-port',
  'unreachable-node',
  'cycle',
  'way-back-not-ancestor',
  'no-start',
  'several-starts',
  'no-output',
  'disabled-branch',
  'bad-expression',
  'unknown-name',
  'unknown-step',
  'unknown-field',
  'not-before',
  'may-be-missing',
  'bad-continue-with',
  'unknown-route',
  'unknown-connection',
  'unknown-workflow',
  'unknown-table',
  'bad-child-input',
  'trigger-input',
  'prompt-not-found',
  'wire-crosses-container',
  'output-in-container',
  'input-in-container',
  'too-deep',
  'empty-container',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** Something in a graph that a person should fix. An `error` blocks runs and publishing (S4). A `warning` does not. */
export const problemSchema = z.object({
  /** The node it is about. Empty if it is about the whole graph. */
  nodeId: z.string(),
  /** The edge it is about, if any. */
  edgeId: z.string().optional(),
  /** Path into the node's params in dots (`labels.0.name`), or `policy.…`, or `key`. */
  field: z.string().optional(),
  /** The label of the branch it is about, for a branch that isn’t connected. */
  port: z.string().optional(),
  severity: z.enum(['error', 'warning']),
  code: z.enum(PROBLEM_CODES),
  /** One sentence for people: what and where. */
  message: z.string(),
  /** What to do about it. */
  suggestion: z.string().optional(),
  /** Column range of an invalid expression within its field's text, from 0. */
  range: z.object({ start: z.number(), end: z.number() }).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export const hasErrors = (problems: readonly Problem[]): boolean => problems.some((problem) => problem.severity === 'error');
