import { edge, graphOf, messageInput, node } from './graph.ts';

export const MEGABYTE = 1024 * 1024;

/** Five megabytes, different for each number. */
export const text = (index: number): string => `${index} `.padEnd(5 * MEGABYTE, 'abcdefghij');

/** The message passes through a step unchanged. */
export const passGraph = () =>
  graphOf(
    [messageInput(), node('transform', 'copy', { fields: [{ name: 'text', value: 'input.message' }] }), node('output', 'reply', { value: '{{ steps.copy }}' })],
    [edge('start', 'copy'), edge('copy', 'reply')],
  );
