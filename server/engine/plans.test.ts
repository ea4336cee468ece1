import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { expect, it } from 'vitest';
import { createPlans } from './plans.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';

const run = (graphHash: string) => ({ runId: 'run_1', graphHash }) as AcceptedRun;

const node = (type: string, key: string, params: Record<string, unknown>): GraphNode => ({
  id: key,
  type,
  position: { x: 0, y: 0 },
  data: { key, title: key, typeVersion: 1, params },
});
const replying = (value: unknown): Graph => ({
  nodes: [node('input', 'start', { schema: {} }), node('output', 'reply', { value })],
  edges: [{ id: 'e', source: 'start', target: 'reply' }],
});

/** Plans of these graphs by hash, and how often each graph was read. */
function plansOf(graphs: Readonly<Record<string, Graph>>) {
  const read: string[] = [];
  const ports: Partial<EnginePorts> = {
    turns: { isOver: () => false, next: () => Promise.resolve() },
    loadGraph: async ({ graphHash }) => {
      read.push(graphHash);
      return graphs[graphHash] ?? { nodes: [], edges: [] };
    },
  };
  return { read, plans: createPlans(ports as EnginePorts, definitionOf) };
}

const HEAVY = replying(Array.from({ length: 400_000 }, () => ({})));

it('compiles a graph once for runs that start together, and keeps its plan', async () => {
  const { read, plans } = plansOf({ light: replying('{{ input }}') });
  const loaded = await Promise.all([plans.load(run('light')), plans.load(run('light'))]);
  expect(loaded[0]).toBe(loaded[1]);
  expect(await plans.load(run('light'))).toBe(loaded[0]);
  expect(read).toEqual(['light']);
});

it('does not keep a plan that takes too much memory, but shares it while a run uses it', async () => {
  const { read, plans } = plansOf({ heavy: HEAVY, light: replying('1') });
  await plans.load(run('light'));
  const first = await plans.load(run('heavy'));
  if (!first.ok) throw first.error;
  expect(first.plan.bytes).toBeGreaterThan(16_000_000);
  const again = await plans.load(run('heavy'));
  expect(again.ok && again.plan).toBe(first.plan);
  await plans.load(run('light'));
  expect(read).toEqual(['light', 'heavy']);
});

it('keeps the error of a graph that cannot run', async () => {
  const { read, plans } = plansOf({});
  for (let times = 0; times < 2; times++) expect(await plans.load(run('none'))).toMatchObject({ ok: false, error: { code: 'graph-has-problems' } });
  expect(read).toEqual(['none']);
});
