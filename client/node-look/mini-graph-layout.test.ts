import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { describe, expect, it } from 'vitest';
import { BOX, miniLayout } from './mini-graph-layout.ts';

const node = (id: string, x: number, y: number, type = 'prompt') => ({
  id,
  type,
  position: { x, y },
  data: { key: id, title: id, typeVersion: 1, params: {} },
});
const edge = (source: string, target: string, back = false) => ({ id: `${source}-${target}`, source, target, data: { back } });
const box = (graph: Pick<Graph, 'nodes' | 'edges'>, id: string) => {
  const found = miniLayout(graph, 425, 214).boxes.find((drawn) => drawn.id === id);
  if (!found) throw new Error(`no box ${id}`);
  return found;
};

describe('miniLayout', () => {
  const graph = {
    nodes: [node('a', 0, 100), node('b', 300, 0), node('c', 320, 200), node('n', 0, 900, 'note')],
    edges: [edge('a', 'b'), edge('a', 'c'), edge('c', 'a', true)],
  };

  it('puts nodes above each other into one column', () => {
    expect(box(graph, 'b').x).toBe(box(graph, 'c').x);
    expect(box(graph, 'a').x).toBeLessThan(box(graph, 'b').x);
  });

  it('keeps the order of heights, and boxes of a column apart', () => {
    expect(box(graph, 'c').y - box(graph, 'b').y).toBeGreaterThan(BOX.height);
  });

  it('omits notes, and draws loop edges as such', () => {
    const layout = miniLayout(graph, 425, 214);
    expect(layout.boxes.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(layout.edges.filter(({ back }) => back).map(({ id }) => id)).toEqual(['c-a']);
  });

  it('omits edges that lead nowhere', () => {
    expect(miniLayout({ nodes: [node('a', 0, 0)], edges: [edge('a', 'gone')] }, 425, 214).edges).toEqual([]);
  });

  it('makes the drawing larger if the graph doesn’t fit, to scale it down as a whole', () => {
    const long = { nodes: Array.from({ length: 20 }, (_, index) => node(`n${index}`, index * 300, 0)), edges: [] };
    const layout = miniLayout(long, 425, 214);
    expect(layout.width).toBeGreaterThan(425);
    expect(Math.max(...layout.boxes.map(({ x }) => x + BOX.width))).toBeLessThan(layout.width);
  });

  it('draws an empty graph as nothing', () =>
    expect(miniLayout({ nodes: [], edges: [] }, 425, 214)).toEqual({ width: 425, height: 214, boxes: [], frames: [], edges: [] }));

  it('draws a container as a frame around what is in it, where its edges end', () => {
    const inside = [
      { ...node('in', 40, 140), parentId: 'each' },
      { ...node('in2', 310, 140), parentId: 'each' },
    ];
    const layout = miniLayout(
      { nodes: [node('a', 0, 0), node('each', 270, 0, 'for-each'), ...inside, node('z', 900, 0)], edges: [edge('a', 'each'), edge('each', 'z')] },
      425,
      214,
    );
    expect(layout.boxes.map(({ id }) => id)).toEqual(['a', 'in', 'in2', 'z']);
    const [frame] = layout.frames;
    const [a, first, second, z] = layout.boxes;
    if (!frame || !a || !first || !second || !z) throw new Error('something is missing');
    expect(frame.x).toBeGreaterThan(a.x + BOX.width);
    expect(frame.x).toBeLessThan(first.x);
    expect(frame.x + frame.width).toBeGreaterThan(second.x + BOX.width);
    expect(frame.x + frame.width).toBeLessThan(z.x);
    expect(first.y).toBe(a.y);
    expect(layout.edges.map(({ path }) => path.split('L').length)).toEqual([2, 2]);
  });
});
