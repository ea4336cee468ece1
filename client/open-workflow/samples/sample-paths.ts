import { ERROR_PORT, type Graph, outPort } from '@switchyard/shared/graph/graph.ts';
import type { SampleBatch, SampleOutcome } from './sample-batch.ts';

/** How many samples went through a node, and how many of their runs failed there. */
export interface NodeSamples {
  readonly count: number;
  readonly failed: number;
}

/** What all samples together did, by node and edge ID. Nodes inside containers are not counted: their container is. */
export interface SamplePaths {
  /** How many samples have got as far as they can without a person. */
  readonly total: number;
  readonly nodes: ReadonlyMap<string, NodeSamples>;
  readonly edges: ReadonlyMap<string, number>;
}

/** The paths that the samples of a batch took through its graph. */
export function samplePaths({ graph, rows }: SampleBatch): SamplePaths {
  const outcomes = rows.flatMap(({ progress }) => ((progress.kind === 'open' || progress.kind === 'ended') && progress.outcome ? [progress.outcome] : []));
  return { total: outcomes.length, nodes: countNodes(graph, outcomes), edges: countEdges(graph, outcomes) };
}

function countNodes(graph: Graph, outcomes: readonly SampleOutcome[]): Map<string, NodeSamples> {
  const found = new Map<string, NodeSamples>();
  for (const { id, data, parentId } of graph.nodes) {
    if (parentId) continue;
    const reached = outcomes.filter(({ steps }) => steps.some(({ nodeKey, status }) => nodeKey === data.key && status !== 'skipped'));
    found.set(id, { count: reached.length, failed: reached.filter(({ error }) => error?.nodeKey === data.key).length });
  }
  return found;
}

function countEdges(graph: Graph, outcomes: readonly SampleOutcome[]): Map<string, number> {
  const keys = new Map(graph.nodes.map(({ id, data }) => [id, data.key]));
  const live = outcomes.map(({ steps, error }) => new Set(steps.flatMap((step) => livePorts(step, error?.nodeKey))));
  return new Map(
    graph.edges.map((edge) => {
      const [key, port] = [keys.get(edge.source) ?? '', outPort(edge)];
      return [edge.id, live.filter((ports) => ports.has(`${key}.${port}`) || (port !== ERROR_PORT && ports.has(`${key}.*`))).length];
    }),
  );
}

/** The output ports of a step that are live, as `key.port`. `key.*`: all but the error branch. A failed step that didn’t fail the run took that branch. */
function livePorts({ nodeKey, status, port }: SampleOutcome['steps'][number], failedKey: string | undefined): string[] {
  if (status === 'failed') return nodeKey === failedKey ? [] : [`${nodeKey}.${ERROR_PORT}`];
  return status === 'succeeded' ? [`${nodeKey}.${port ?? '*'}`] : [];
}
