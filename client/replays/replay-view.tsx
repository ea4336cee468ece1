import type { Replay } from '@switchyard/shared/contracts/evaluation/replays.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { IconShieldCheck } from '@tabler/icons-react';
import { ReactFlowProvider } from '@xyflow/react';
import { useMemo, useState } from 'react';
import { Canvas } from '../canvas/canvas.tsx';
import { useCanvasKeys } from '../canvas/use-canvas-keys.ts';
import { CanvasUiContext, createCanvasUi } from '../canvas/view/canvas-ui.ts';
import { ZoomControl } from '../canvas/zoom-control.tsx';
import { openReadOnly } from '../graph-editing/open-editor.ts';
import { EditorContext } from '../open-workflow/editor-store.ts';
import { ReplayMarksContext } from '../open-workflow/replay-marks.ts';
import { RunContext } from '../open-workflow/run-source.ts';
import { Duration } from '../ui/figures.tsx';
import editor from '../workbench/editor-view.module.css';
import { LiveRegion } from '../workbench/live-region.tsx';
import { ReplayStrip } from './replay-strip.tsx';
import styles from './replay-view.module.css';
import { callsWords, marksOf, replayedWords, spentWords } from './replay-words.ts';
import { ReplayedRuns } from './replayed-runs.tsx';

/** The canvas with what differs, the sum in words above, and the runs that differ beside it. */
export function ReplayView({ replay, graph, name }: { replay: Replay; graph: Graph; name: string }) {
  const [ui] = useState(createCanvasUi);
  const { workflowId, id } = replay;
  const store = useMemo(
    () => openReadOnly({ id: `replay:${id}:${workflowId}`, name, draft: graph, draftRevision: 0, liveVersion: null, paused: false, updatedAt: null }).store,
    [id, workflowId, name, graph],
  );
  const marks = useMemo(() => marksOf(replay, graph), [replay, graph]);
  return (
    <EditorContext.Provider value={store}>
      <RunContext.Provider value={null}>
        <ReplayMarksContext.Provider value={marks}>
          <CanvasUiContext.Provider value={ui}>
            <ReactFlowProvider>
              <div className={editor.editor}>
                <div className={editor.work}>
                  <div className={editor.middle}>
                    <ReplayStrip replay={replay} />
                    <Stage />
                    <Foot replay={replay} />
                  </div>
                  <ReplayedRuns replay={replay} graph={graph} />
                </div>
                <LiveRegion />
              </div>
            </ReactFlowProvider>
          </CanvasUiContext.Provider>
        </ReplayMarksContext.Provider>
      </RunContext.Provider>
    </EditorContext.Provider>
  );
}

const nothing = (): void => {};

function Stage() {
  useCanvasKeys(nothing);
  return (
    <div className={editor.stage}>
      <Canvas />
      <ZoomControl />
      <p className={styles.safe}>
        <IconShieldCheck size={16} stroke={1.6} aria-hidden />
        Nothing was written, and no one was notified.
      </p>
    </div>
  );
}

function Foot({ replay }: { replay: Replay }) {
  return (
    <ul className={styles.foot} aria-label="About the replay">
      <li>{replayedWords(replay)}</li>
      <li>{callsWords(replay)}</li>
      <li>
        <Duration from={replay.createdAt} to={replay.endedAt} />
      </li>
      <li>{spentWords(replay)}</li>
    </ul>
  );
}
