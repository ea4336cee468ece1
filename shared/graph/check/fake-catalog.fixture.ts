/* A small catalog of node types and a graph builder, for the tests of graph checks. */
import { isPlainObject, type JsonSchema } from '../../json.ts';
import type { Graph, GraphEdge, GraphNode, Policy } from '../graph.ts';
import type { ExpressionField, NodeCatalog, NodeKind, Ports } from '../node-kind.ts';

const closed = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const field = (params: unknown, name: string): unknown => (isPlainObject(params) ? params[name] : undefined);

function expressions(params: unknown): ExpressionField[] {
  const found: ExpressionField[] = [];
  const text = field(params, 'text');
  if (typeof text === 'string') found.push({ path: ['text'], kind: 'template', source: text });
  const rules = field(params, 'rules');
  if (Array.isArray(rules)) for (const [index, source] of rules.entries()) found.push({ path: ['rules', index], kind: 'cel', source: String(source) });
  return found;
}

const kind = (type: string, title: string, more: Partial<NodeKind> & { outputs?: Ports['outputs'] } = {}): NodeKind => ({
  type,
  version: 1,
  title,
  role: 'step',
  ports: () => ({ inputs: [{ id: 'in' }], outputs: more.outputs ?? [{ id: 'out' }] }),
  output: () => ({}),
  effect: () => 'pure',
  joinsFirst: () => false,
  expressions,
  check: (params) => (field(params, 'text') === '' ? [{ path: ['text'], message: 'Enter a value', suggestion: 'For example, {{ input.message }}' }] : []),
  ...more,
});

const KINDS: readonly NodeKind[] = [
  kind('input', 'Input', {
    role: 'start',
    ports: () => ({ inputs: [], outputs: [{ id: 'out' }] }),
    output: () => ({
      type: 'object',
      properties: {
        message: { type: 'string' },
        customer: { type: 'object', properties: { tier: { type: 'string' } }, required: ['tier'], additionalProperties: false },
      },
      required: ['message', 'customer'],
    }),
  }),
  kind('prompt', 'Prompt', { output: () => closed({ text: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } }) }),
  kind('classify', 'Classify', {
    outputs: [{ id: 'billing', label: 'Billing' }, { id: 'unsure' }],
    output: () => closed({ label: { type: 'string' }, confidence: { type: 'number' } }),
    portOf: (_, output) => (field(output, 'label') === 'billing' ? 'billing' : undefined),
  }),
  kind('human-review', 'Human review', {
    outputs: [
      { id: 'approve', mustConnect: true },
      { id: 'back', label: 'Send back', mustConnect: true },
    ],
    output: () => closed({ comment: { type: 'string' } }),
  }),
  kind('transform', 'Transform', { version: 2, migrate: (params) => ({ text: field(params, 'old') }) }),
  kind('output', 'Output', { role: 'end', ports: () => ({ inputs: [{ id: 'in' }], outputs: [] }) }),
  kind('note', 'Note', { role: 'note', ports: () => ({ inputs: [], outputs: [] }) }),
];

export const fakeCatalog: NodeCatalog = (type) => KINDS.find((known) => known.type === type);

export interface NodeParts {
  readonly title?: string;
  readonly text?: string;
  readonly rules?: readonly string[];
  readonly policy?: Policy;
  readonly disabled?: boolean;
  readonly key?: string;
  readonly typeVersion?: number;
  readonly params?: Record<string, unknown>;
}

/** A node whose ID and key are `key`, of the newest version of its type. */
export function node(key: string, type: string, { text, rules, params, ...parts }: NodeParts = {}): GraphNode {
  const { title = key, policy, disabled, typeVersion = fakeCatalog(type)?.version ?? 1 } = parts;
  const all = { ...params, ...(text !== undefined && { text }), ...(rules && { rules }) };
  return {
    id: key,
    type,
    position: { x: 0, y: 0 },
    data: { key: parts.key ?? key, title, typeVersion, params: all, ...(policy && { policy }), ...(disabled !== undefined && { disabled }) },
  };
}

/** An edge: `a>b`, from a port `a.billing>b`, a loop edge `a.back<b` (from a, back to b). */
export function edge(text: string): GraphEdge {
  const [from = '', to = ''] = text.split(/[<>]/);
  const [source = '', sourceHandle] = from.split('.');
  const [target = '', targetHandle] = to.split('.');
  return {
    id: text,
    source,
    target,
    ...(sourceHandle !== undefined && { sourceHandle }),
    ...(targetHandle !== undefined && { targetHandle }),
    ...(text.includes('<') && { data: { back: true } }),
  };
}

export const graphOf = (nodes: GraphNode[], edges: string[], vars?: Record<string, unknown>): Graph => ({
  nodes,
  edges: edges.map(edge),
  ...(vars && { vars }),
});
