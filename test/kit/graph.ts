import { type Graph, type GraphEdge, type GraphNode, IN, OUT } from '@switchyard/shared/graph/graph.ts';

/** A node whose ID and key are the same. */
export const node = (type: string, key: string, params: Record<string, unknown> = {}, data: Partial<GraphNode['data']> = {}): GraphNode => ({
  id: key,
  type,
  position: { x: 0, y: 0 },
  data: { key, title: key, typeVersion: 1, params, ...data },
});

/** An edge from a node (`classify`, or one of its ports: `classify.billing`) to another. */
export function edge(from: string, to: string, data?: GraphEdge['data']): GraphEdge {
  const [source = '', port = OUT] = from.split('.');
  return { id: `${from}-${to}`, source, sourceHandle: port, target: to, targetHandle: IN, ...(data && { data }) };
}

export const graphOf = (nodes: GraphNode[], edges: GraphEdge[]): Graph => ({ nodes, edges, vars: {} });

const MESSAGE = { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] };

/** An Input node that requires a message. */
export const messageInput = (): GraphNode => node('input', 'start', { schema: MESSAGE, samples: [] });

/** Returns `value` for a message, with these params of the Output node. */
export const echoGraph = (value: unknown = '{{ input }}', more: Record<string, unknown> = {}): Graph =>
  graphOf([messageInput(), node('output', 'reply', { value, ...more })], [edge('start', 'reply')]);

/** A person approves or rejects the message, and the decision is the output. */
export const reviewGraph = (params: Readonly<Record<string, unknown>> = {}): Graph =>
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
        ...params,
      }),
      node('output', 'sent', { value: '{{ steps.check.values.text }}' }),
      node('output', 'closed', { value: 'closed' }),
    ],
    [edge('start', 'check'), edge('check.approve', 'sent'), edge('check.reject', 'closed')],
  );

/** Waits for a review, then calls the route `fast`, so a test can watch the run before the call. */
export const reviewThenModelGraph = (): Graph =>
  graphOf(
    [
      messageInput(),
      node('human-review', 'check', { title: 'Check this', decisions: [{ id: 'approve', title: 'Approve' }], fields: [] }),
      node('prompt', 'ask', { message: '{{ input.message }}', route: 'fast' }),
      node('output', 'reply', { value: '{{ steps.ask.text }}' }),
    ],
    [edge('start', 'check'), edge('check.approve', 'ask'), edge('ask', 'reply')],
  );

/** The demo model responds to the message, and its text is the output. */
export const modelGraph = (): Graph =>
  graphOf(
    [messageInput(), node('prompt', 'draft', { message: '{{ input.message }}', route: 'fast' }), node('output', 'reply', { value: '{{ steps.draft.text }}' })],
    [edge('start', 'draft'), edge('draft', 'reply')],
  );
