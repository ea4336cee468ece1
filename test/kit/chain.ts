import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { edge, graphOf, messageInput, node } from './graph.ts';

/** Input, three sequential model calls on this route, output: `one`, `two`, and `three`, each about the previous response. */
export const chainGraph = (route: string): Graph =>
  graphOf(
    [
      messageInput(),
      node('prompt', 'one', { message: 'one: {{ input.message }}', route }),
      node('prompt', 'two', { message: 'two: {{ steps.one.text }}', route }),
      node('prompt', 'three', { message: 'three: {{ steps.two.text }}', route }),
      node('output', 'reply', { value: '{{ steps.three.text }}' }),
    ],
    [edge('start', 'one'), edge('one', 'two'), edge('two', 'three'), edge('three', 'reply')],
  );
