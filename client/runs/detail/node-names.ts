import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { useMemo } from 'react';
import { useRunGraph } from '../../api/queries.ts';
import { useLooks } from '../../node-look/node-icon.tsx';
import type { NodeName } from '../../run-look/step-rows.ts';

export interface NodeNames {
  readonly graph: Graph | undefined;
  readonly nameOf: (nodeKey: string, nodeType: string) => NodeName;
}

/** Titles and categories of a run’s nodes, from the graph that ran. */
export function useNodeNames(runId: string): NodeNames {
  const looks = useLooks();
  const { data: graph } = useRunGraph(runId);
  const nameOf = useMemo(() => {
    const titles = new Map(graph?.nodes.map(({ data }) => [data.key, data.title]));
    return (nodeKey: string, nodeType: string) => ({ title: titles.get(nodeKey) || nodeKey, category: looks(nodeType).category });
  }, [graph, looks]);
  return { graph, nameOf };
}
