import { catalog } from '@switchyard/nodes/catalog.ts';
import { checkGraph } from '@switchyard/shared/graph/check.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { describe, expect, it } from 'vitest';
import { ownProblems } from './own-problems.ts';

const node = (type: string, title: string, params: Record<string, unknown>): GraphNode => ({
  id: type,
  type,
  position: { x: 0, y: 0 },
  data: { key: type.replaceAll('-', '_'), title, typeVersion: 1, params },
});

/** Problems that the real check finds in a node after the input, as shown next to that node. */
const said = (step: GraphNode): string[] => {
  const graph: Graph = {
    nodes: [node('input', 'Start', {}), step],
    edges: [{ id: 'edge', source: 'input', target: step.id }],
  };
  const found = checkGraph(graph, catalog).filter(({ nodeId }) => nodeId === step.id);
  expect(found.some(({ message }) => message.includes(`“${step.data.title}”`))).toBe(true);
  return ownProblems(found, step).map(({ message, suggestion }) => [message, suggestion].filter(Boolean).join(' '));
};

describe('problems shown next to their node', () => {
  it('omit its type and title', () => {
    const words = said(node('classify', 'Sort', { route: 'default', text: '{{ input.nothing.x }}', labels: [{ name: '' }, { name: 'b' }] }));
    expect(words).toContain('Name this label.');
    expect(words.join(' ')).not.toContain('“Sort”');
  });

  it('call it this node within a sentence', () => {
    const words = said(node('prompt', 'Draft', { route: 'default', message: '{{ steps.gone.text }}' }));
    expect(words.find((line) => line.includes('steps.gone'))).toMatch(/^This node uses \{\{ steps\.gone/);
  });

  it('list all unconnected branches in one message', () => {
    const decisions = ['approve', 'reject', 'send back'].map((name) => ({ name, kind: 'continue' }));
    const words = said(node('human-review', 'Check', { title: 'Look', decisions }));
    const unconnected = words.filter((line) => line.startsWith('Branches '));
    expect(unconnected).toHaveLength(1);
    expect(unconnected[0]).toMatch(/^Branches “.+”, “.+”, “.+” aren’t connected\. Connect each one\.$/);
  });
});
