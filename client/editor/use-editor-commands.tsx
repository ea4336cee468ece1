import { nodeTypes } from '@switchyard/nodes/catalog.ts';
import { useReactFlow } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { useCanvasUiApi } from '../canvas/canvas-ui.ts';
import { FIT_ALL } from '../canvas/fit-options.ts';
import { measuredSizes } from '../canvas/measured-sizes.ts';
import { useAddStep } from '../canvas/use-add-step.ts';
import { registerCommands } from '../palette/commands.ts';
import { NodeIcon } from '../ui/node-icon.tsx';
import { useEditorApi } from './editor-store.ts';

/** Offers the editor's commands, and its steps, in the page's command palette. */
export function useEditorCommands(run: () => void): void {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const flow = useReactFlow();
  const add = useAddStep();
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const group = 'This workflow';
    const state = editor.getState();
    return registerCommands([
      { id: 'editor.run', group, title: 'Run', hint: 'R', run: () => latest.current() },
      { id: 'editor.webhook', group, title: 'Open the webhook', words: 'url curl trigger', run: () => state.openPanel('webhook') },
      { id: 'editor.tidy', group, title: 'Tidy up', words: 'layout arrange', run: () => void state.tidyUp(measuredSizes(flow)) },
      { id: 'editor.fit', group, title: 'Show all steps', hint: 'F', run: () => void flow.fitView(FIT_ALL) },
      { id: 'editor.clear', group, title: 'Clear the run from the canvas', run: () => editor.getState().clearRun() },
      { id: 'editor.keys', group, title: 'Show all keys', hint: '?', run: () => ui.setState({ keysShown: true }) },
      ...nodeTypes.map((type) => ({
        id: `editor.add.${type.type}`,
        group: 'Add a step',
        title: type.title,
        words: type.summary,
        icon: <NodeIcon icon={type.icon} category={type.category} size={20} />,
        run: () => add.fromPalette(type.type),
      })),
    ]);
  }, [editor, ui, flow, add]);
}
