import { expect, it } from 'vitest';
import { runNode } from '../sdk/run-node.fixture.ts';
import { group } from './group.ts';

it('has no edges, does nothing, and is gray unless it has another color', async () => {
  expect(group.ports({})).toEqual({ inputs: [], outputs: [] });
  expect(group.line({})).toBe('gray frame');
  expect((await runNode(group, { color: 'blue' })).result).toEqual({ kind: 'done', output: null });
});
