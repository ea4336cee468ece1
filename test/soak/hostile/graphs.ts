import { type Graph, type GraphEdge, type GraphNode, IN, OUT } from '@switchyard/shared/graph/graph.ts';
import { edge, graphOf, node } from '../../kit/graph.ts';
import type { Dice } from './dice.ts';
import { hostileExpression } from './expressions.ts';
import { hostileSchema } from './schemas.ts';
import { hostileText } from './texts.ts';

/* Graphs that are hard to check, lay out, sanitize, store, or run. */

type Kind = (dice: Dice) => Graph;

const start = (params: Record<string, unknown> = {}): GraphNode => node('input', 'start', { schema: {}, samples: [], ...params });
const reply = (value: unknown, more: Record<string, unknown> = {}): GraphNode => node('output', 'reply', { value, ...more });
const replying = (value: unknown, more: Record<string, unknown> = {}): Graph => graphOf([start(), reply(value, more)], [edge('start', 'reply')]);

const steps = (count: number, of: (index: number) => GraphNode): GraphNode[] => Array.from({ length: count }, (_, index) => of(index));
const shape = (index: number, value = 'input'): GraphNode => node('transform', `n${index}`, { fields: [{ name: 'a', value }] });
const join = (id: string, source: string, target: string): GraphEdge => ({ id, source, target, sourceHandle: OUT, targetHandle: IN });
const chain = (count: number, of: (index: number) => GraphNode = shape): Graph =>
  graphOf(
    [start(), ...steps(count, of), reply('{{ input }}')],
    [edge('start', 'n0'), ...steps(count - 1, shape).map((_, index) => edge(`n${index}`, `n${index + 1}`)), edge(`n${count - 1}`, 'reply')],
  );
/** Layers of nodes, each connected to all nodes of the next layer: each layer multiplies the number of paths by its width. */
const layers = (count: number, width: number): Graph => {
  const nodes = steps(count * width, (index) => node('merge', `n${index}`, {}));
  const edges = nodes
    .slice(width)
    .flatMap((_, index) => Array.from({ length: width }, (_, at) => join(`${index}-${at}`, `n${Math.floor(index / width) * width + at}`, `n${index + width}`)));
  const starts = Array.from({ length: width }, (_, at) => edge('start', `n${at}`));
  return graphOf([start(), ...nodes, reply('{{ steps.n0 }}')], [...starts, ...edges, edge(`n${count * width - 1}`, 'reply')]);
};
const backEdges = (graph: Graph, dice: Dice): Graph => ({
  ...graph,
  edges: [
    ...graph.edges,
    ...Array.from({ length: 300 }, (_, index) => ({ ...join(`b${index}`, `n${dice.below(200)}`, `n${dice.below(200)}`), data: { back: true } })),
  ],
});
const tree = (levels: number, leaf: unknown): unknown =>
  Array(levels)
    .fill(0)
    .reduce<unknown>((inner) => ({ a: inner, b: [inner] }), leaf);

const KINDS: Readonly<Record<string, Kind>> = {
  'a chain': (dice) => chain(dice.pick([200, 1_900, 10_000])),
  'a chain where each node reads all nodes before it': () =>
    chain(300, (index) => shape(index, Array.from({ length: index }, (_, at) => `steps.n${at}.a`).join(' == ') || '1')),
  'a chain of growing values': () => chain(40, (index) => shape(index, index === 0 ? '["abcdefghij"]' : `[steps.n${index - 1}.a, steps.n${index - 1}.a]`)),
  layers: (dice) => layers(dice.pick([20, 100]), 9),
  'a circle': () => {
    const { nodes, edges } = chain(500);
    return graphOf(nodes, [...edges, join('round', 'n499', 'n0')]);
  },
  'loop edges everywhere': (dice) => backEdges(chain(200), dice),
  'an infinite loop': () => ({ ...chain(3), edges: [...chain(3).edges, { ...join('b', 'n2', 'n0'), data: { back: true } }] }),
  'many edges between two nodes': () =>
    graphOf(
      [start(), reply('1')],
      Array.from({ length: 10_000 }, (_, index) => join(`w${index}`, 'start', 'reply')),
    ),
  'one key for all nodes': () =>
    graphOf([start(), ...steps(1_500, (index) => ({ ...shape(index), data: { ...shape(index).data, key: 'same' } })), reply('1')], []),
  'one ID for all nodes': () =>
    graphOf(
      steps(1_500, (index) => ({ ...shape(index), id: 'same' })),
      [],
    ),
  'disconnected nodes': () => graphOf(steps(2_000, shape), []),
  'edges to missing nodes': () =>
    graphOf(
      [start(), reply('1')],
      Array.from({ length: 9_000 }, (_, index) => join(`w${index}`, `x${index}`, `__proto__`)),
    ),
  'nodes inside each other': () =>
    graphOf(
      steps(1_500, (index) => ({ ...shape(index), parentId: `n${(index + 1) % 1_500}` })),
      [],
    ),
  'special names': () =>
    graphOf(
      [start(), { ...node('transform', '__proto__', { fields: [{ name: '__proto__', value: 'input' }] }), id: 'constructor' }, reply('{{ steps.__proto__ }}')],
      [join('a', 'start', 'constructor'), join('b', 'constructor', 'reply')],
    ),
  'unknown types': () =>
    graphOf(
      steps(1_500, (index) => node(`type${index}`, `n${index}`, { x: index })),
      [],
    ),
  'long titles and notes': (dice) =>
    chain(90, (index) => node('note', `n${index}`, { text: hostileText(dice, 9_000) }, { title: hostileText(dice, 190), note: hostileText(dice, 9_000) })),
  'misspelled names': () => replying(Array.from({ length: 900 }, (_, index) => `{{ steps.repli${index}.valeu + inptu.messag }}`).join(' ')),
  'a long template': (dice) => replying(hostileText(dice)),
  'a template of many expressions': (dice) =>
    replying(`{{ ${dice.pick(['input.s', 'input.xs', '1 +', 'input', '"', 'now'])} }}`.repeat(dice.pick([100, 3_000, 50_000]))),
  'a tree of expressions': (dice) => replying(tree(dice.pick([5, 14]), '{{ input.s }}')),
  'a deep tree': (dice) =>
    replying(
      Array(dice.pick([80, 500, 2_000]))
        .fill(0)
        .reduce<unknown>((a) => [a], '{{ input }}'),
    ),
  'many fields': () =>
    graphOf(
      [
        start(),
        node('transform', 'n0', { fields: Array.from({ length: 9_000 }, (_, index) => ({ name: `f${index}`, value: 'input' })) }),
        reply('{{ steps.n0 }}'),
      ],
      [edge('start', 'n0'), edge('n0', 'reply')],
    ),
  'many branches': () =>
    graphOf(
      [
        start(),
        node('classify', 'n0', {
          text: '{{ input.s }}',
          route: 'fast',
          labels: Array.from({ length: 3_000 }, (_, index) => ({ name: `l${index}`, description: 'd', examples: ['e'] })),
        }),
      ],
      [edge('start', 'n0')],
    ),
  'many conditions': (dice) =>
    graphOf(
      [
        start(),
        node('condition', 'n0', {
          branches: Array.from({ length: 50 }, (_, index) => ({
            id: `b${index}`,
            name: `b${index}`,
            by: 'expression',
            expression: hostileExpression(dice).expression.slice(0, 20_000),
          })),
        }),
      ],
      [edge('start', 'n0')],
    ),
  'many headers': (dice) => replying('x', { headers: Array.from({ length: 5_000 }, (_, index) => ({ name: `x-${index}`, value: hostileText(dice, 50) })) }),
  'strings that may be secrets': (dice) =>
    graphOf(
      [
        start(),
        node('tool', 'n0', { url: hostileText(dice), headers: [{ name: 'authorization', value: hostileText(dice) }] }),
        node('prompt', 'n1', { message: hostileText(dice), system: hostileText(dice, 300_000), route: 'fast' }),
      ],
      [edge('start', 'n0')],
    ),
  'large constants': (dice) => ({ ...replying('{{ vars }}'), vars: { a: hostileText(dice), b: tree(12, 1) } }),
  'many constants': () => ({ ...replying('{{ vars }}'), vars: Object.fromEntries(Array.from({ length: 40_000 }, (_, index) => [`v${index}`, index])) }),
  'a schema': (dice) => graphOf([start({ schema: hostileSchema(dice).schema }), reply('{{ input }}')], [edge('start', 'reply')]),
  'many samples': (dice) =>
    graphOf(
      [
        start({
          schema: { type: 'object', required: ['x'] },
          samples: Array.from({ length: 50 }, (_, index) => ({ name: `s${index}`, value: { s: hostileText(dice, 10_000) } })),
        }),
        reply('1'),
      ],
      [edge('start', 'reply')],
    ),
  waits: (dice) =>
    graphOf(
      [start(), node('delay', 'n0', { by: dice.pick(['duration', 'time']), amount: hostileText(dice), until: hostileText(dice) }), reply('1')],
      [edge('start', 'n0'), edge('n0', 'reply')],
    ),
  'not a graph': (dice) =>
    ({ nodes: dice.pick<unknown>([{}, 'x', Array(100_000).fill(null), Array(50_000).fill({ id: 1 })]), edges: Array(50_000).fill({}) }) as Graph,
};

export function hostileGraph(dice: Dice): { what: string; graph: Graph } {
  const what = dice.pick(Object.keys(KINDS));
  return { what, graph: KINDS[what]?.(dice) ?? graphOf([], []) };
}
