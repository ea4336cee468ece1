import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { useLiveRun } from '../live/run-hooks.ts';
import { useEditor, useEditorApi, useRanGraph } from '../open-workflow/editor-store.ts';
import { useNodeRun } from '../open-workflow/node-run.ts';
import { showItem, shownItemOf } from '../open-workflow/shown-item.ts';
import { ItemsPanel } from '../step-details/items-panel.tsx';
import { showDone } from '../ui/toast.tsx';
import classes from './inspector.module.css';

/** The items of a for-each node in the displayed run, or in the last one. */
export function ItemsTab({ node }: { node: GraphNode }) {
  const runId = useEditor((state) => state.activeRunId ?? state.lastRun?.id);
  if (runId === undefined) return <p className={classes.words}>Not run yet. Run the workflow to see each item.</p>;
  return <ItemsOfRun key={runId} runId={runId} node={node} />;
}

function ItemsOfRun({ runId, node }: { runId: string; node: GraphNode }) {
  const editor = useEditorApi();
  const run = useLiveRun(runId);
  const graph = useRanGraph();
  const { step } = useNodeRun(runId, node);
  if (!step?.items) return <p className={classes.words}>{run.state.endedAt ? 'The last run didn’t reach this node.' : 'Not reached yet.'}</p>;
  return (
    <ItemsPanel
      runId={runId}
      step={{ id: step.id, items: step.items }}
      isEnded={isEnded(run.state.status)}
      titleOf={(key) => graph.nodes.find(({ data }) => data.key === key)?.data.title ?? key}
      shown={shownItemOf({ runId, ...run }, step)}
      onShow={(index) => showItem(runId, step.id, index)}
      onRetried={(retry) => {
        editor.getState().showRun(retry.id, graph);
        showDone('Retrying failed items');
      }}
    />
  );
}
