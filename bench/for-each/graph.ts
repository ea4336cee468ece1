export const ITEMS = 10_000;

const node = (type: string, key: string, params: object, parentId?: string) => ({
  id: key,
  type,
  position: { x: 40, y: 80 },
  data: { key, title: key, typeVersion: 1, params },
  ...(parentId && { parentId }),
});
const edge = (source: string, target: string) => ({ id: `${source}-${target}`, source, sourceHandle: 'out', target, targetHandle: 'in' });

/** A transform of each number. The input is short, because looking at the run reads it. */
export const GRAPH = {
  nodes: [
    node('input', 'start', { schema: {} }),
    node('for-each', 'each', { items: `{{ range(${ITEMS}) }}` }),
    node(
      'transform',
      'order',
      {
        fields: [
          { name: 'order', value: '"order " + string(item)' },
          { name: 'cents', value: 'item * 100' },
        ],
      },
      'each',
    ),
    node('output', 'reply', { value: '{{ steps.each.succeeded }}' }),
  ],
  edges: [edge('start', 'each'), edge('each', 'reply')],
  vars: {},
};
