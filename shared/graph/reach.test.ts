import { describe, expect, it } from 'vitest';
import { graphOf, node } from './check/fake-catalog.fixture.ts';
import { reachOf } from './reach.ts';
import { ancestors, descendants, topologyOf } from './topology.ts';

const topology = (keys: string, edges: string[]) =>
  topologyOf(
    graphOf(
      [...keys].map((key) => node(key, 'prompt')),
      edges,
    ),
  );
const sorted = (ids: Iterable<string>): string => [...ids].sort().join('');

describe('the nodes before and after a node', () => {
  it.each<[string, string, string[]]>([
    ['a diamond', 'abcde', ['a>b', 'a>c', 'b>d', 'c>d', 'd<b', 'd>e']],
    ['a cycle with a tail', 'abcde', ['a>b', 'b>c', 'c>b', 'c>d', 'd>e']],
    ['two cycles and a node between them', 'abcdefg', ['a>b', 'b>a', 'b>c', 'c>d', 'd>e', 'e>d', 'e>f', 'g>f']],
    ['nested cycles', 'abcdef', ['a>b', 'b>c', 'c>d', 'd>b', 'c>a', 'd>e', 'e>f', 'f>e']],
    ['a node with an edge to itself', 'abc', ['a>b', 'b>b', 'b>c']],
    ['dangling edges', 'ab', ['a>b', 'a>x', 'x>b']],
  ])('are the same in %s as with a search from each node', (_, keys, edges) => {
    const graph = topology(keys, edges);
    const reach = reachOf(graph);
    for (const id of keys) {
      expect(sorted(reach.before(id)), `before ${id}`).toBe(sorted(ancestors(graph, id)));
      expect(sorted(reach.after(id)), `after ${id}`).toBe(sorted(descendants(graph, id)));
    }
  });

  it('are none for a missing node', () => {
    const reach = reachOf(topology('ab', ['a>b']));
    expect(sorted(reach.before('x'))).toBe('');
    expect(reach.after('a').has('x')).toBe(false);
  });
});
