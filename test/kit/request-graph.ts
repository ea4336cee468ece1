import type { Graph, Policy } from '@switchyard/shared/graph/graph.ts';
import { edge, graphOf, messageInput, node } from './graph.ts';

/** `fetch` sends a request to this URL for a message, and the response body is the output. */
export const requestGraph = (url: string, method = 'GET', policy: Policy = {}): Graph =>
  graphOf(
    [messageInput(), node('tool', 'fetch', { url, method }, { policy }), node('output', 'reply', { value: '{{ steps.fetch.body }}' })].map((one, index) => ({
      ...one,
      position: { x: index * 280, y: 0 },
    })),
    [edge('start', 'fetch'), edge('fetch', 'reply')],
  );
