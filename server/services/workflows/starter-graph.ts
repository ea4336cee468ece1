import type { Graph } from '@switchyard/shared/graph/graph.ts';

/** What a new workflow starts with: it returns the input it receives, whichever trigger sent it. */
export const starterGraph = (): Graph => ({
  nodes: [
    {
      id: 'input',
      type: 'input',
      position: { x: 80, y: 240 },
      data: {
        key: 'input',
        title: 'Input',
        typeVersion: 1,
        params: {
          schema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
          samples: [{ name: 'Hello', value: { message: 'Hello! Can you help me with my last invoice?' } }],
        },
      },
    },
    {
      id: 'reply',
      type: 'output',
      position: { x: 760, y: 240 },
      data: { key: 'reply', title: 'Reply', typeVersion: 1, params: { value: '{{ input }}' } },
    },
  ],
  edges: [{ id: 'input-reply', source: 'input', sourceHandle: 'out', target: 'reply', targetHandle: 'in' }],
  vars: {},
});
