import { Button } from '@mantine/core';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { askForNewWorkflow } from '../frame/creating/new-workflow.ts';
import { MiniGraph } from '../node-look/mini-graph.tsx';
import { ButtonLink } from '../ui/button-link.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

const node = (id: string, type: string, x: number, y: number): Graph['nodes'][number] => ({
  id,
  type,
  position: { x, y },
  data: { key: id, title: id, typeVersion: 1, params: {} },
});
const edge = (source: string, target: string) => ({ id: `${source}-${target}`, source, target });

/** An example workflow for an empty list. */
const EXAMPLE: Pick<Graph, 'nodes' | 'edges'> = {
  nodes: [
    node('in', 'input', 0, 100),
    node('sort', 'classify', 260, 100),
    node('a', 'prompt', 520, 20),
    node('b', 'prompt', 520, 180),
    node('out', 'output', 780, 100),
  ],
  edges: [edge('in', 'sort'), edge('sort', 'a'), edge('sort', 'b'), edge('a', 'out'), edge('b', 'out')],
};

/** The list before the first workflow: what workflows are, and where to start. */
export function NoWorkflows() {
  return (
    <EmptyState
      picture={<MiniGraph graph={EXAMPLE} label="A small workflow" width={360} height={140} />}
      title="No workflows yet"
      text="A workflow receives input, calls models, branches, and responds at its own URL. Start from a template or from scratch."
      action={
        <>
          <ButtonLink variant="filled" to="/templates">
            Browse templates
          </ButtonLink>
          <Button onClick={askForNewWorkflow}>Start from scratch</Button>
        </>
      }
    />
  );
}
