import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';

/** What both servers return for an order. */
export interface OrderReply {
  readonly order: { readonly id: string };
  readonly cents: number;
  readonly branch: 'high' | 'low';
}

/** Two orders of about 200 bytes, one for each branch, sent in turn. */
export const ORDERS = [
  order({ id: 'order-1001', customer: 'Grace Hopper', email: 'grace@example.com', amount: 120.5, gift: true }),
  order({ id: 'order-1002', customer: 'Edsger Dijkstra', email: 'edsger@example.org', amount: 42.25, gift: false }),
] as const;

function order(own: { id: string; customer: string; email: string; amount: number; gift: boolean }) {
  const items = [
    { sku: 'C-3', qty: 1 },
    { sku: 'K-9', qty: 4 },
  ];
  return { ...own, currency: 'EUR', items, note: 'leave at the door' };
}

/** The amount from which an order takes the branch `high`. */
const HIGH = 100;

/** The expected reply, computed here and not by a server. */
export const expectedReply = ({ id, amount }: (typeof ORDERS)[number]): OrderReply => ({
  order: { id },
  cents: Math.round(amount * 100),
  branch: amount >= HIGH ? 'high' : 'low',
});

const node = (type: string, key: string, x: number, params: Record<string, unknown>): GraphNode => ({
  id: key,
  type,
  position: { x, y: 0 },
  data: { key, title: key, typeVersion: 1, params },
});

const reply = (branch: string) => ({ value: { order: '{{ input }}', cents: '{{ steps.reckon.cents }}', branch } });

/** webhook → input → transform → condition → one of two outputs. */
export const orderWorkflow: Graph = {
  nodes: [
    node('input', 'start', 0, {
      schema: {
        type: 'object',
        properties: { id: { type: 'string' }, amount: { type: 'number' }, items: { type: 'array' } },
        required: ['id', 'amount'],
      },
    }),
    node('transform', 'reckon', 300, { fields: [{ name: 'cents', value: 'round(input.amount * 100)' }] }),
    node('condition', 'size', 600, {
      branches: [{ id: 'high', name: 'high', rules: [{ field: 'input.amount', operator: 'gte', value: String(HIGH) }] }],
      elseName: 'low',
    }),
    node('output', 'reply_high', 900, reply('high')),
    node('output', 'reply_low', 900, reply('low')),
  ],
  edges: [
    { id: 'a', source: 'start', target: 'reckon', sourceHandle: 'out', targetHandle: 'in' },
    { id: 'b', source: 'reckon', target: 'size', sourceHandle: 'out', targetHandle: 'in' },
    { id: 'c', source: 'size', target: 'reply_high', sourceHandle: 'high', targetHandle: 'in' },
    { id: 'd', source: 'size', target: 'reply_low', sourceHandle: 'else', targetHandle: 'in' },
  ],
  vars: {},
};
