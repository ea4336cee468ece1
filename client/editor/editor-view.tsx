import { ReactFlowProvider } from '@xyflow/react';
import { Suspense, useEffect, useState } from 'react';
import { ConnectList } from '../canvas/adding/connect-list.tsx';
import { DragPreview } from '../canvas/adding/drag-preview.tsx';
import { DockedPalette, FloatingPalette } from '../canvas/adding/palette.tsx';
import { Canvas } from '../canvas/canvas.tsx';
import { EmptyHint } from '../canvas/empty-hint.tsx';
import { Finder } from '../canvas/finding/finder.tsx';
import { KeyOverlay } from '../canvas/key-overlay.tsx';
import { ContextMenu } from '../canvas/menu/context-menu.tsx';
import { OutputPreview } from '../canvas/steps/output-preview.tsx';
import { Toolbar } from '../canvas/toolbar.tsx';
import { useCanvasKeys } from '../canvas/use-canvas-keys.ts';
import { useClipboard } from '../canvas/use-clipboard.ts';
import { CanvasUiContext, createCanvasUi, useCanvasUi, useCanvasUiApi } from '../canvas/view/canvas-ui.ts';
import { ZoomControl } from '../canvas/zoom-control.tsx';
import { useEvidence } from '../inspector/authority/open-evidence.ts';
import { KillBanner } from '../kill-switches/kill-strip.tsx';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { LastRunLine } from '../run-panel/last-run-line.tsx';
import { keepPanelOpen } from '../run-panel/panel-open.ts';
import { lazyPart, preloadParts } from '../ui/lazy-part.ts';
import { flushTyping } from '../ui/typing.ts';
import { ComparisonProvider, useComparison } from '../versions/comparison-context.tsx';
import styles from '../workbench/editor-view.module.css';
import { LiveRegion } from '../workbench/live-region.tsx';
import { FollowRun } from '../workbench/run-follower.tsx';
import { useEditorCommands } from '../workbench/use-editor-commands.tsx';
import { EditorBar } from './editor-bar.tsx';
import { LastRunStrip } from './last-run-strip.tsx';
import { SaveStrip } from './save-strip.tsx';
import { SamplesStrip, ShowSamplePaths } from './show-sample-paths.tsx';
import { SidePanel } from './side-panel.tsx';
import { useRunButton } from './use-run-button.ts';

const CompareStage = lazyPart(() => import('../versions/compare-stage.tsx').then((module) => module.CompareStage));
const ChangesDock = lazyPart(() => import('../versions/changes-dock.tsx').then((module) => module.ChangesDock));
const SubWorkflowDialog = lazyPart(() => import('../canvas/sub-workflow/sub-workflow-dialog.tsx').then((module) => module.SubWorkflowDialog));
const EvidenceDock = lazyPart(() => import('../inspector/authority/evidence-dock.tsx').then((module) => module.EvidenceDock));
const RunPanel = lazyPart(() => import('../run-panel/run-panel.tsx').then((module) => module.RunPanel));

/** The editor of an open workflow: bar, palette, canvas, panels. */
export function EditorView() {
  const [ui] = useState(createCanvasUi);
  return (
    <ReactFlowProvider>
      <CanvasUiContext.Provider value={ui}>
        <FollowRun>
          <ShowSamplePaths>
            <ComparisonProvider>
              <Layout />
            </ComparisonProvider>
          </ShowSamplePaths>
        </FollowRun>
      </CanvasUiContext.Provider>
    </ReactFlowProvider>
  );
}

function Layout() {
  const run = useRunButton();
  const isComparing = useComparison().versions !== null;
  useGuardUnsaved();
  useEditorCommands(run.toggle);
  useEffect(preloadParts, []);
  return (
    <div className={styles.editor}>
      {!isComparing && <CanvasKeys onRun={run.toggle} />}
      <EditorBar run={run} />
      <SaveStrip />
      <StoppedBanner />
      <div className={styles.work}>
        <DockedPalette />
        <div className={styles.middle}>
          <div className={styles.stage}>
            {isComparing && (
              <Suspense fallback={null}>
                <CompareStage />
              </Suspense>
            )}
            <div className={styles.draft} inert={isComparing}>
              <DraftStage />
            </div>
          </div>
          <Suspense fallback={<LastRunLine onOpen={() => keepPanelOpen(true)} />}>{isComparing ? <ChangesDock /> : <Dock />}</Suspense>
        </div>
        <SidePanel />
      </div>
      <FloatingPalette />
      <ContextMenu />
      <DragPreview />
      <KeyOverlay />
      <SubWorkflowHost />
      <LiveRegion />
    </div>
  );
}

/** Below the canvas: the evidence of a review node while its authority is shown, otherwise the run. */
function Dock() {
  const nodeKey = useEvidence((state) => state.nodeKey);
  return nodeKey === null ? <RunPanel /> : <EvidenceDock nodeKey={nodeKey} />;
}

function SubWorkflowHost() {
  const ui = useCanvasUiApi();
  const nodeIds = useCanvasUi((state) => state.subWorkflowOf);
  return <Suspense fallback={null}>{nodeIds && <SubWorkflowDialog nodeIds={nodeIds} onClose={() => ui.setState({ subWorkflowOf: null })} />}</Suspense>;
}

/** Keys and clipboard of the draft’s canvas. */
function CanvasKeys({ onRun }: { onRun: () => void }) {
  useCanvasKeys(onRun);
  useClipboard();
  return null;
}

/** The canvas of the draft with its tools. */
function DraftStage() {
  return (
    <>
      <Canvas>
        <OutputPreview />
      </Canvas>
      <EmptyHint />
      <LastRunStrip />
      <SamplesStrip />
      <Toolbar />
      <ZoomControl />
      <Finder />
      <ConnectList />
    </>
  );
}

function StoppedBanner() {
  return <KillBanner workflowId={useEditor((state) => state.workflowId)} />;
}

/** Saves at once when the page is left or hidden, and when the network returns. Asks before leaving with unsaved changes. */
function useGuardUnsaved(): void {
  const editor = useEditorApi();
  useEffect(() => {
    const flush = () => {
      if (document.visibilityState !== 'hidden') return;
      flushTyping();
      void editor.getState().saveNow();
    };
    const ask = (event: BeforeUnloadEvent) => {
      flushTyping();
      const { saveState } = editor.getState();
      if (saveState === 'saved') return;
      void editor.getState().saveNow();
      if (saveState === 'offline' || saveState === 'conflict') event.preventDefault();
    };
    document.addEventListener('visibilitychange', flush);
    const back = () => void editor.getState().saveNow();
    addEventListener('beforeunload', ask);
    addEventListener('online', back);
    return () => {
      removeEventListener('online', back);
      document.removeEventListener('visibilitychange', flush);
      removeEventListener('beforeunload', ask);
    };
  }, [editor]);
}
