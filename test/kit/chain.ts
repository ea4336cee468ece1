import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { graphOf, messageInput, node, wire } from './graph.ts';

/** Input, three model calls one after the other on this route, output: `one`, `two` and `three`, each asked about the answer before. */
export const chainGraph = (route: string): Graph =>
  graphOf(
    [
      messageInput(),
      node('prompt', 'one', { message: 'one: {{ input.message }}', route }),
      node('prompt', 'two', { message: 'two: {{ steps.one.text }}', route }),
      node('prompt', 'three', { message: 'three: {{ steps.two.text }}', route }),
      node('output', 'reply', { value: '{{ steps.three.text }}' }),
    ],
    [wire('start', 'one'), wire('one', 'two'), wire('two', 'three'), wire('three', 'reply')],
  );
