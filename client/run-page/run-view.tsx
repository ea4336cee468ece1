import type { Run } from '@switchyard/shared/contracts/runs.ts';
import { Canvas } from '../canvas/canvas.tsx';
import { Finder } from '../canvas/finding/finder.tsx';
import { KeyOverlay } from '../canvas/key-overlay.tsx';
import { ContextMenu } from '../canvas/menu/context-menu.tsx';
import { OutputPreview } from '../canvas/steps/output-preview.tsx';
import { useCanvasKeys } from '../canvas/use-canvas-keys.ts';
import { useClipboard } from '../canvas/use-clipboard.ts';
import { ZoomControl } from '../canvas/zoom-control.tsx';
import { RunContext } from '../open-workflow/run-source.ts';
import { RunPanel } from '../run-panel/run-panel.tsx';
import styles from '../workbench/editor-view.module.css';
import { LiveRegion } from '../workbench/live-region.tsx';
import { useStepCommands } from '../workbench/use-editor-commands.tsx';
import { ReplaySlider } from './replay-slider.tsx';
import { RunBar } from './run-bar.tsx';
import { RunSidePanel } from './run-side-panel.tsx';
import { useReplay } from './use-replay.ts';

const nothing = (): void => {};

/** A run on its own graph, live or at any point in its past. */
export function RunView({ run }: { run: Run }) {
  const replay = useReplay(run.id);
  useCanvasKeys(nothing);
  useClipboard();
  useStepCommands();
  return (
    <RunContext.Provider value={replay.source}>
      <div className={styles.editor}>
        <RunBar run={run} />
        <div className={styles.work}>
          <div className={styles.middle}>
            <div className={styles.stage}>
              <Canvas>
                <OutputPreview />
              </Canvas>
              <ReplaySlider replay={replay} />
              <ZoomControl />
              <Finder />
            </div>
            <RunPanel />
          </div>
          <RunSidePanel runId={run.id} />
        </div>
        <ContextMenu />
        <KeyOverlay />
        <LiveRegion />
      </div>
    </RunContext.Provider>
  );
}
