import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { checkGraph } from '@switchyard/shared/graph/check.ts';
import type { Graph, GraphEdge, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { hasErrors } from '@switchyard/shared/graph/problem.ts';
import { renameKey } from '@switchyard/shared/graph/rename-key.ts';
import { expect, test } from 'vitest';
import { inlineSubWorkflow } from '../../client/graph-editing/sub-workflow/inline-sub-workflow.ts';
import { makeSubWorkflow } from '../../client/graph-editing/sub-workflow/make-sub-workflow.ts';
import type { TestApi } from '../kit/api.ts';
import { node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { workflowOf } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';
import { seeded } from '../simulation/virtual-time.ts';

/* Random graphs give the same outputs with any of their steps in a sub-workflow, and with them back inline (S39a). */

const GRAPHS = 50;
const SELECTIONS = 4;
const INPUTS = [{ message: 'abc' }, { message: 'abcd', tier: 'gold' }];

const schema = { type: 'object', properties: { message: { type: 'string' }, tier: { type: 'string' } }, required: ['message'] };
const portsOf = ({ type }: GraphNode): string[] => (type === 'condition' ? ['yes', 'else'] : ['out']);
const edgeFrom = (source: GraphNode, port: string, target: string): GraphEdge => ({
  id: `${source.id}.${port}-${target}`,
  source: source.id,
  sourceHandle: port,
  target,
  targetHandle: 'in',
});

/** A graph of Transform, Condition, Code, and Merge nodes. Each has a value `v`, and reads those of any node before it. */
function randomGraph(random: () => number): Graph {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const nodes: GraphNode[] = [node('input', 'start', { schema })];
  const edges: GraphEdge[] = [];
  const before = new Map<string, readonly string[]>([['start', []]]);
  const value = (keys: readonly string[]): string => {
    if (keys.length === 0 || random() < 0.2)
      return pick(['input.message.size()', 'input.?tier.orValue("free").size()', 'size(input.message + vars.mark)', 'round']);
    const key = pick(keys);
    return pick([`steps.?${key}.?v.orValue(1)`, `steps.?${key}.?v.orDefault(2)`, `steps[?"${key}"].?v.orValue(3)`]);
  };
  const made = (key: string, keys: readonly string[]): GraphNode => {
    const fields = [{ name: 'v', value: `${value(keys)} + ${value(keys)}` }];
    const expression = `(${value(keys)} + ${value(keys)}) % 2 == 0`;
    const source = `return { v: ${keys
      .slice(0, 2)
      .map((one) => `(steps.${one}?.v ?? 1) + `)
      .join('')}input.message.length };`;
    return pick([
      node('transform', key, { fields }),
      node('transform', key, { fields }),
      node('condition', key, { branches: [{ id: 'yes', name: 'yes', by: 'expression', expression }] }),
      node('code', key, { source }),
      node('merge', key, {}),
    ]);
  };
  for (let number = 0, count = 4 + Math.floor(random() * 5); number < count; number++) {
    const key = `n${number}`;
    const sources = [...new Set([pick(nodes), pick(nodes)])];
    const keys = [...new Set(sources.flatMap(({ id }) => [...(before.get(id) ?? []), ...(id === 'start' ? [] : [id])]))];
    before.set(key, keys);
    edges.push(...sources.map((source) => edgeFrom(source, pick(portsOf(source)), key)));
    nodes.push(made(key, keys));
  }
  const ends = nodes.filter(({ id }) => !edges.some(({ source }) => source === id));
  edges.push(...ends.flatMap((end) => portsOf(end).map((port) => edgeFrom(end, port, 'reply'))));
  const all = nodes.slice(1).map(({ id }): [string, string] => [id, `{{ steps.?${id}.?v }}`]);
  return { nodes: [...nodes, node('output', 'reply', { value: Object.fromEntries(all) })], edges, vars: { mark: '!' } };
}

async function outputs(api: TestApi, graph: Graph): Promise<unknown[]> {
  const id = await workflowOf(api, graph);
  return Promise.all(
    INPUTS.map(async (input) => {
      const { status, output } = await api.call(startRun, { params: { id }, body: { input, wait: 60_000 } });
      return { status, output };
    }),
  );
}

/** Runs the graph with these steps in a sub-workflow, and with them back inline. False if they can’t be moved. */
async function tryMoving(api: TestApi, graph: Graph, steps: readonly string[], expected: () => Promise<unknown>): Promise<boolean> {
  const made = makeSubWorkflow(graph, steps, definitionOf);
  if ('refused' in made) return false;
  const { id } = await publishedWorkflow(api, made.child);
  const { graph: calling, nodeId } = made.replaced({ id, name: 'Sub' });
  expect(await outputs(api, calling), `${steps} in a sub-workflow`).toEqual(await expected());
  const inlined = inlineSubWorkflow(calling, nodeId, made.child, { definitions: definitionOf, rename: renameKey });
  if ('refused' in inlined) throw new Error(inlined.refused);
  expect(await outputs(api, inlined.graph), `${steps} back inline`).toEqual(await expected());
  return true;
}

test(`${GRAPHS} random graphs give the same outputs with some of their steps in a sub-workflow`, async () => {
  await using server = await startTestServer();
  let moved = 0;
  for (let seed = 1; seed <= GRAPHS; seed++) {
    const random = seeded(seed);
    const graph = randomGraph(random);
    if (hasErrors(checkGraph(graph, definitionOf))) continue;
    const keys = graph.nodes.slice(1, -1).map(({ id }) => id);
    let known: Promise<unknown> | undefined;
    const expected = () => {
      known ??= outputs(server, graph);
      return known;
    };
    for (let tries = 0; tries < SELECTIONS; tries++) {
      const from = Math.floor(random() * keys.length);
      const steps = keys.slice(from, from + 1 + Math.floor(random() * 4)).filter(() => random() < 0.9);
      if (await tryMoving(server, graph, steps, expected)) moved++;
    }
  }
  expect(moved, 'enough selections could be moved').toBeGreaterThan(GRAPHS / 2);
});
