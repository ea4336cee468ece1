import { type Graph, type GraphEdge, type GraphNode, IN, OUT } from '@switchyard/shared/graph/graph.ts';

/** A node whose id and key are the same. */
export const node = (type: string, key: string, params: Record<string, unknown> = {}, data: Partial<GraphNode['data']> = {}): GraphNode => ({
  id: key,
  type,
  position: { x: 0, y: 0 },
  data: { key, title: key, typeVersion: 1, params, ...data },
});

/** A wire from a node (`classify` or, for one of its ports, `classify.billing`) to another. */
export function wire(from: string, to: string, data?: GraphEdge['data']): GraphEdge {
  const [source = '', port = OUT] = from.split('.');
  return { id: `${from}-${to}`, source, sourceHandle: port, target: to, targetHandle: IN, ...(data && { data }) };
}

export const graphOf = (nodes: GraphNode[], edges: GraphEdge[]): Graph => ({ nodes, edges, vars: {} });

const MESSAGE = { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] };

/** An input that wants a message. */
export const messageInput = (): GraphNode => node('input', 'start', { schema: MESSAGE, samples: [] });

/** A message comes in and `value` goes out, with these params of the output node. */
export const echoGraph = (value: unknown = '{{ input }}', more: Record<string, unknown> = {}): Graph =>
  graphOf([messageInput(), node('output', 'reply', { value, ...more })], [wire('start', 'reply')]);

/** A message comes in, a person approves or rejects it, and the decision goes out. */
export const reviewGraph = (): Graph =>
  graphOf(
    [
      messageInput(),
      node('human-review', 'check', {
        title: 'Check this',
        decisions: [
          { id: 'approve', title: 'Approve' },
          { id: 'reject', title: 'Reject' },
        ],
        fields: [{ name: 'text', label: 'Text', kind: 'long-text', value: '{{ input.message }}', required: true }],
      }),
      node('output', 'sent', { value: '{{ steps.check.values.text }}' }),
      node('output', 'closed', { value: 'closed' }),
    ],
    [wire('start', 'check'), wire('check.approve', 'sent'), wire('check.reject', 'closed')],
  );

/** A message comes in, the demo model answers it, and its text goes out. */
export const modelGraph = (): Graph =>
  graphOf(
    [messageInput(), node('prompt', 'draft', { message: '{{ input.message }}', route: 'fast' }), node('output', 'reply', { value: '{{ steps.draft.text }}' })],
    [wire('start', 'draft'), wire('draft', 'reply')],
  );
