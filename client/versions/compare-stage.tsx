import { ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { useEffect, useMemo, useState } from 'react';
import { Canvas } from '../canvas/canvas.tsx';
import { useCanvasKeys } from '../canvas/use-canvas-keys.ts';
import { CanvasUiContext, createCanvasUi } from '../canvas/view/canvas-ui.ts';
import { motion } from '../canvas/view/viewport.ts';
import { ZoomControl } from '../canvas/zoom-control.tsx';
import { ErrorState } from '../frame/error-state.tsx';
import { PageLoading } from '../frame/page-loading.tsx';
import { openReadOnly } from '../graph-editing/open-editor.ts';
import { EditorContext, useEditorApi } from '../open-workflow/editor-store.ts';
import { GraphMarks } from '../open-workflow/graph-marks.ts';
import { RunContext } from '../open-workflow/run-source.ts';
import { ChangePill } from './change-pill.tsx';
import styles from './compare-stage.module.css';
import { useComparison } from './comparison-context.tsx';
import { ComparisonTitle } from './comparison-title.tsx';
import type { Comparison } from './graph-changes.ts';

/** The comparison of two versions, drawn over the canvas of the draft: one graph with what was added, changed, and removed. */
export function CompareStage() {
  const { versions, comparison, error } = useComparison();
  if (!versions) return null;
  return (
    <section className={styles.stage} aria-label="Comparison">
      {comparison ? <Drawing comparison={comparison} /> : error ? <ErrorState title="Couldn’t load versions" error={error} /> : <PageLoading />}
      <ComparisonTitle versions={versions} />
      {comparison && <ChangePill changes={comparison.changes} />}
    </section>
  );
}

function Drawing({ comparison }: { comparison: Comparison }) {
  const [ui] = useState(createCanvasUi);
  const { workflowId, name } = useEditorApi().getState();
  const store = useMemo(
    () => openReadOnly({ id: workflowId, name, draft: comparison.graph, draftRevision: 0, liveVersion: null, paused: false, updatedAt: null }).store,
    [workflowId, name, comparison],
  );
  return (
    <EditorContext.Provider value={store}>
      <RunContext.Provider value={null}>
        <GraphMarks.Provider value={comparison.marks}>
          <CanvasUiContext.Provider value={ui}>
            <ReactFlowProvider>
              <Canvas />
              <ZoomControl />
              <FollowChange comparison={comparison} />
            </ReactFlowProvider>
          </CanvasUiContext.Provider>
        </GraphMarks.Provider>
      </RunContext.Provider>
    </EditorContext.Provider>
  );
}

const nothing = (): void => {};

/** Selects the current change on the canvas and brings it into view. A node selected on the canvas becomes the current change. */
function FollowChange({ comparison: { graph, changes } }: { comparison: Comparison }) {
  useCanvasKeys(nothing);
  const { current, show } = useComparison();
  const store = useEditorApi();
  const flow = useReactFlow();
  useEffect(() => {
    const change = current === null ? undefined : changes[current];
    if (change?.of === 'node') store.getState().showNode(change.id);
    const edge = change?.of === 'edge' ? graph.edges.find(({ id }) => id === change.id) : undefined;
    if (!edge) return;
    store.getState().select([], [edge.id]);
    void flow.fitView({ nodes: [{ id: edge.source }, { id: edge.target }], maxZoom: flow.getZoom(), duration: motion(140) });
  }, [current, changes, graph, store, flow]);
  useEffect(
    () =>
      store.subscribe(({ selection }, before) => {
        if (selection === before.selection || selection.nodes.length !== 1) return;
        const index = changes.findIndex(({ id }) => id === selection.nodes[0]);
        if (index >= 0) show(index);
      }),
    [store, changes, show],
  );
  return null;
}
