import type { Graph, GraphEdge, GraphNode, Policy } from '@switchyard/shared/graph/graph.ts';
import { OWNER } from '@switchyard/shared/run/actor.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { findStep } from '@switchyard/shared/run/state.ts';
import type { WorldOptions } from './inner.ts';
import { createWorld, type World } from './world.ts';

/* How a scenario is set up and inspected. */

export const node = (key: string, type: string, params: Record<string, unknown> = {}, policy?: Policy): GraphNode => ({
  id: key,
  type,
  position: { x: 0, y: 0 },
  data: { key, title: key, typeVersion: 1, params, ...(policy && { policy }) },
});

/** A node inside a container. */
export const inside = (container: string, made: GraphNode): GraphNode => ({ ...made, parentId: container });

/** `a.port>b`. A leading `<` makes it a loop edge, and digits before it its limit: `3<a>b`. */
function edge(text: string): GraphEdge {
  const [, limit, back, source = '', port = 'out', target = ''] = /^(\d*)(<?)(\w+)(?:\.(\w+))?>(\w+)$/.exec(text) ?? [];
  return { id: text, source, target, sourceHandle: port, ...(back && { data: { back: true, ...(limit && { limit: Number(limit) }) } }) };
}

export const graph = (nodes: GraphNode[], edges: string[]): Graph => ({ nodes: [node('start', 'start'), ...nodes], edges: edges.map(edge), vars: {} });

export async function begin(made: Graph, options: Partial<WorldOptions> = {}): Promise<World> {
  const world = createWorld({ seed: 1, graph: made, faultChance: 0, ...options });
  world.engine().wake('run', world.run);
  return world;
}

export const stateOf = (world: World) => fold(world.journal);
export const statuses = (world: World) => Object.fromEntries([...stateOf(world).steps.values()].map((step) => [step.id, step.status]));

export async function until(world: World, holds: () => boolean): Promise<void> {
  while (!holds()) if (!(await world.time.step())) throw new Error('nothing more can happen');
}

export const decide = (world: World, stepId: string, decision: string): void => {
  const waitId = findStep(stateOf(world), stepId)?.wait?.id ?? '';
  world.signal({ id: `run:${waitId}`, runId: 'run', kind: 'decision', waitId, value: { decision }, actor: OWNER });
};
