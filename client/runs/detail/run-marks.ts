import { ERROR_PORT, type Graph, type GraphEdge, isLoopEdge, OUT } from '@switchyard/shared/graph/graph.ts';
import type { StepStatus } from '@switchyard/shared/run/state.ts';
import type { GraphMarks } from '../../node-look/mini-graph.tsx';
import { shownStatus } from '../../run-look/step-rows.ts';

interface MarkedStep {
  readonly nodeKey: string;
  readonly round: number;
  readonly status: StepStatus;
  /** The live output port. Null if all are live. */
  readonly port?: string | null | undefined;
  readonly repliedAsFailure?: boolean | undefined;
}

/** The status of each node and the taken edges of a run. Unreached nodes have no mark. */
export function runMarks(graph: Pick<Graph, 'nodes' | 'edges'>, steps: Iterable<MarkedStep>): GraphMarks {
  const rounds = new Map<string, MarkedStep[]>();
  for (const step of steps) rounds.set(step.nodeKey, [...(rounds.get(step.nodeKey) ?? []), step]);
  const ofNode = new Map(graph.nodes.map(({ id, data }) => [id, (rounds.get(data.key) ?? []).toSorted((a, b) => a.round - b.round)]));
  const taken = (edge: GraphEdge): boolean => {
    const from = ofNode.get(edge.source) ?? [];
    const to = ofNode.get(edge.target)?.at(-1);
    const port = edge.sourceHandle ?? OUT;
    if (isLoopEdge(edge)) return (to?.round ?? 1) > 1 && from.some((step) => isLive(step, port));
    const last = from.at(-1);
    return last !== undefined && to !== undefined && to.status !== 'skipped' && isLive(last, port);
  };
  return {
    nodes: new Map(
      [...ofNode].flatMap(([id, all]) => {
        const last = all.at(-1);
        return last ? [[id, shownStatus(last)] as const] : [];
      }),
    ),
    taken: new Set(graph.edges.filter(taken).map(({ id }) => id)),
  };
}

function isLive({ status, port }: MarkedStep, handle: string): boolean {
  if (status === 'failed') return handle === ERROR_PORT;
  if (status !== 'succeeded') return false;
  return port === null || port === undefined ? handle !== ERROR_PORT : port === handle;
}
