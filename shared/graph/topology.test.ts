import { describe, expect, it } from 'vitest';
import { graphOf, node } from './check/fake-catalog.fixture.ts';
import { ancestors, descendants, topologyOf } from './topology.ts';

const nodesOf = (keys: string) => [...keys].map((key) => node(key, 'prompt'));
const topology = (keys: string, edges: string[]) => topologyOf(graphOf(nodesOf(keys), edges));
const sorted = (ids: Iterable<string>): string => [...ids].sort().join('');

describe('the topology of a graph', () => {
  const diamond = topology('abcde', ['a>b', 'a>c', 'b>d', 'c>d', 'd<b', 'd>e']);

  it('puts each node after all that come before it', () => {
    const place = (id: string) => diamond.order.indexOf(id);
    expect(diamond.order).toHaveLength(5);
    for (const edge of [...diamond.outgoing.values()].flat()) expect(place(edge.source)).toBeLessThan(place(edge.target));
  });

  it('keeps loop edges out of order, joins, and ancestry (S1)', () => {
    expect(diamond.loopEdges.map((edge) => edge.id)).toEqual(['d<b']);
    expect(diamond.incoming.get('b')?.map((edge) => edge.id)).toEqual(['a>b']);
    expect(diamond.outgoing.get('d')?.map((edge) => edge.id)).toEqual(['d>e']);
    expect(diamond.cyclic).toEqual([]);
  });

  it('knows all nodes before and after a node', () => {
    expect(sorted(ancestors(diamond, 'd'))).toBe('abc');
    expect(sorted(descendants(diamond, 'b'))).toBe('de');
    expect(sorted(ancestors(diamond, 'a'))).toBe('');
    expect(sorted(descendants(diamond, 'missing'))).toBe('');
  });

  it('omits a cycle, and everything after it, from the order', () => {
    const circle = topology('abcd', ['a>b', 'b>c', 'c>b', 'c>d']);
    expect(circle.order).toEqual(['a']);
    expect(sorted(circle.cyclic)).toBe('bcd');
    expect(descendants(circle, 'b').has('b')).toBe(true);
    expect(descendants(circle, 'd').has('d')).toBe(false);
  });

  it('ignores dangling edges', () => {
    const loose = topology('ab', ['a>b', 'a>x', 'x>b']);
    expect(loose.order).toEqual(['a', 'b']);
    expect(loose.incoming.get('b')).toHaveLength(1);
  });

  it('counts two edges between the same nodes as two', () => {
    const double = topologyOf(graphOf([node('a', 'classify'), node('b', 'prompt')], ['a.billing>b', 'a.unsure>b']));
    expect(double.incoming.get('b')).toHaveLength(2);
    expect(double.order).toEqual(['a', 'b']);
  });
});
