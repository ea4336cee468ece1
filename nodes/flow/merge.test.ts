import { describe, expect, it } from 'vitest';
import { runNode } from '../sdk/run-node.fixture.ts';
import { merge } from './merge.ts';

const arrivals = [
  { edgeId: 'e1', key: 'snippets', title: 'Snippets', value: ['a', 'b'] },
  { edgeId: 'e2', key: 'summary', title: 'Summary', value: { text: 's' } },
];

describe('merge', () => {
  it('collects every value by the key it came from', async () => {
    const { result } = await runNode(merge, { mode: 'all' }, {}, arrivals);
    expect(result).toEqual({ kind: 'done', output: { snippets: ['a', 'b'], summary: { text: 's' } } });
  });

  it('continues with the first, and says which it was', async () => {
    const { result } = await runNode(merge, { mode: 'first' }, {}, arrivals.slice(1));
    expect(result).toEqual({ kind: 'done', output: { from: 'summary', value: { text: 's' } } });
  });

  it('joins the first branch only if set to', () => {
    expect(merge.joinsFirst({ mode: 'first' })).toBe(true);
    expect(merge.joinsFirst({ mode: 'all' })).toBe(false);
    expect(merge.joinsFirst({})).toBe(false);
  });
});
