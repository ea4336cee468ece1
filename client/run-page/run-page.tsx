import type { Run } from '@switchyard/shared/contracts/runs.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { parseAddress } from '@switchyard/shared/run/address.ts';
import { useParams, useSearch } from '@tanstack/react-router';
import { ReactFlowProvider } from '@xyflow/react';
import { useMemo, useState } from 'react';
import { useRun, useRunGraph } from '../api/queries.ts';
import { CanvasUiContext, createCanvasUi } from '../canvas/view/canvas-ui.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { PageLoading } from '../frame/page-loading.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { openReadOnly } from '../graph-editing/open-editor.ts';
import { seedRun } from '../live/watch-run.ts';
import { EditorContext } from '../open-workflow/editor-store.ts';
import { RunView } from './run-view.tsx';

const RUNS = { to: '/runs', label: 'Runs' } as const;

/** The page of one run: the exact graph that ran, with its steps. */
export function RunPage() {
  const { id } = useParams({ from: '/runs/$id' });
  const { step } = useSearch({ from: '/runs/$id' });
  const run = useRun(id);
  const graph = useRunGraph(id);
  const error = run.error ?? graph.error;
  if (error) {
    return (
      <>
        <TopBar title="Run" parent={RUNS} />
        <ErrorState
          title="Couldn’t load run"
          error={error}
          retry={() => {
            void run.refetch();
            void graph.refetch();
          }}
        />
      </>
    );
  }
  return run.data && graph.data ? <OpenRun key={id} run={run.data} graph={graph.data} step={step} /> : <PageLoading />;
}

function OpenRun({ run, graph, step }: { run: Run; graph: Graph; step: string | undefined }) {
  const [ui] = useState(createCanvasUi);
  // The first response is enough: later changes arrive over the socket.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const store = useMemo(() => openFrozen(run, graph, step), [run.id, graph]);
  return (
    <EditorContext.Provider value={store}>
      <CanvasUiContext.Provider value={ui}>
        <ReactFlowProvider>
          <RunView run={run} />
        </ReactFlowProvider>
      </CanvasUiContext.Provider>
    </EditorContext.Provider>
  );
}

function openFrozen(run: Run, graph: Graph, step: string | undefined) {
  const { store } = openReadOnly({
    id: run.workflowId,
    name: run.workflowName,
    draft: graph,
    draftRevision: 0,
    liveVersion: typeof run.version === 'number' ? run.version : null,
    paused: false,
    updatedAt: null,
  });
  seedRun(run);
  store.getState().showRun(run.id, graph);
  const address = parseAddress(step ?? '');
  const node = address?.kind === 'step' ? graph.nodes.find(({ data }) => data.key === address.nodeKey) : undefined;
  if (node && address?.kind === 'step') store.getState().showRound(node.id, address.round);
  return store;
}
