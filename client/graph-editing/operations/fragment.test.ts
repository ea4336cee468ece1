import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { expect, it } from 'vitest';
import { offsetBeside } from './fragment.ts';

const at = (x: number, y: number): GraphNode => ({
  id: `${x}-${y}`,
  type: 'prompt',
  position: { x, y },
  data: { key: 'a', title: 'A', typeVersion: 1, params: {} },
});
const step = { x: 32, y: 32 };
const copied = { nodes: [at(0, 0), at(300, 0)], edges: [] };

it('offsets pasted nodes by one step from their original', () => {
  expect(offsetBeside(copied, copied, step)).toEqual({ x: 32, y: 32 });
});

it('moves on until nothing is hidden', () => {
  const pastedTwice = { nodes: [...copied.nodes, at(32, 32), at(332, 32), at(370, 68)], edges: [] };
  expect(offsetBeside(pastedTwice, copied, step)).toEqual({ x: 96, y: 96 });
});
