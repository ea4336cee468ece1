import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { MiniGraph } from '../../node-look/mini-graph.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import type { Tab } from './inbox-search.ts';

const node = (id: string, type: string, x: number): Graph['nodes'][number] => ({
  id,
  type,
  position: { x, y: 0 },
  data: { key: id, title: id, typeVersion: 1, params: {} },
});
const edge = (source: string, target: string) => ({ id: `${source}-${target}`, source, target });

/** Where reviews come from: a run that stops at a person. */
const EXAMPLE: Pick<Graph, 'nodes' | 'edges'> = {
  nodes: [node('in', 'input', 0), node('draft', 'prompt', 260), node('look', 'human-review', 520), node('out', 'output', 780)],
  edges: [edge('in', 'draft'), edge('draft', 'look'), edge('look', 'out')],
};

/** An empty list of reviews: what belongs here. */
export function NoReviews({ tab, searching }: { tab: Tab; searching: boolean }) {
  if (searching) return <EmptyState title="No reviews match" text="Searches titles, workflows, texts, and drafts." />;
  const picture = <MiniGraph graph={EXAMPLE} label="A workflow with a review" width={360} height={90} />;
  if (tab === 'done') return <EmptyState picture={picture} title="No decisions yet" text="Decided reviews appear here, with who decided and what changed." />;
  return <EmptyState picture={picture} title="No reviews waiting" text="Runs that reach a Human review node appear here." />;
}
