import { ReactFlowProvider } from '@xyflow/react';
import { Suspense, useEffect, useState } from 'react';
import { Canvas } from '../canvas/canvas.tsx';
import { CanvasUiContext, createCanvasUi } from '../canvas/canvas-ui.ts';
import { ConnectList } from '../canvas/connect-list.tsx';
import { EmptyHint } from '../canvas/empty-hint.tsx';
import { DragGhost } from '../canvas/ghost.tsx';
import { KeyOverlay } from '../canvas/key-overlay.tsx';
import { DockedPalette, FloatingPalette } from '../canvas/palette.tsx';
import { ResultPeek } from '../canvas/result-peek.tsx';
import { Toolbar } from '../canvas/toolbar.tsx';
import { useCanvasKeys } from '../canvas/use-canvas-keys.ts';
import { useClipboard } from '../canvas/use-clipboard.ts';
import { ZoomControl } from '../canvas/zoom-control.tsx';
import { LastRunLine } from '../run-panel/last-run-line.tsx';
import { keepPanelOpen } from '../run-panel/panel-open.ts';
import { lazyPart, preloadParts } from '../ui/lazy-part.ts';
import { EditorBar } from './editor-bar.tsx';
import styles from './editor-view.module.css';
import { LiveRegion } from './live-region.tsx';
import { FollowRun } from './run-follower.tsx';
import { SaveStrip } from './save-strip.tsx';
import { SidePanel } from './side-panel.tsx';
import { useEditorCommands } from './use-editor-commands.tsx';
import { useGuardUnsaved } from './use-guard-unsaved.ts';
import { useRunButton } from './use-run-button.ts';

const RunPanel = lazyPart(() => import('../run-panel/run-panel.tsx').then((module) => module.RunPanel));

/** The editor of an open workflow: bar, palette, canvas, panels. */
export function EditorView() {
  const [ui] = useState(createCanvasUi);
  return (
    <ReactFlowProvider>
      <CanvasUiContext.Provider value={ui}>
        <FollowRun>
          <Layout />
        </FollowRun>
      </CanvasUiContext.Provider>
    </ReactFlowProvider>
  );
}

function Layout() {
  const run = useRunButton();
  useCanvasKeys(run.toggle);
  useClipboard();
  useGuardUnsaved();
  useEditorCommands(run.toggle);
  useEffect(preloadParts, []);
  return (
    <div className={styles.editor}>
      <EditorBar run={run} />
      <SaveStrip />
      <div className={styles.work}>
        <DockedPalette />
        <div className={styles.middle}>
          <div className={styles.stage}>
            <Canvas>
              <ResultPeek />
            </Canvas>
            <EmptyHint />
            <Toolbar />
            <ZoomControl />
            <ConnectList />
          </div>
          <Suspense fallback={<LastRunLine onOpen={() => keepPanelOpen(true)} />}>
            <RunPanel />
          </Suspense>
        </div>
        <SidePanel />
      </div>
      <FloatingPalette />
      <DragGhost />
      <KeyOverlay />
      <LiveRegion />
    </div>
  );
}
