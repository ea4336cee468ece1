import { Menu } from '@mantine/core';
import { IconClipboard, IconLayoutDistributeVertical, IconMaximize, IconNote, IconPlus, IconSearch, IconSelectAll } from '@tabler/icons-react';
import { useReactFlow } from '@xyflow/react';
import type { Point } from '../../graph-editing/operations/geometry.ts';
import { useEditor, useEditorApi } from '../../open-workflow/editor-store.ts';
import { useCanvasUi, useCanvasUiApi } from '../view/canvas-ui.ts';
import { useCanvasActions } from '../view/use-canvas-actions.ts';
import { FIT_ALL, motion } from '../view/viewport.ts';
import { Item } from './item.tsx';

/** What can be done at a place of the canvas, and with all of it. */
export function CanvasItems({ flow: at }: { flow: Point }) {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const flow = useReactFlow();
  const canvas = useCanvasActions();
  const readOnly = useEditor((state) => state.readOnly);
  const copied = useCanvasUi((state) => state.copied);
  return (
    <>
      {!readOnly && (
        <>
          <Item
            icon={IconPlus}
            label="Add a node here…"
            keys="N"
            onClick={() => ui.setState({ adding: { kind: 'place', flow: at, screen: flow.flowToScreenPosition(at) } })}
          />
          <Item icon={IconNote} label="Add a note here" onClick={() => editor.getState().addNode('note', at)} />
          <Item icon={IconClipboard} label="Paste here" keys="⌘ V" disabled={copied === null} onClick={() => canvas.paste(at)} />
          <Menu.Divider />
        </>
      )}
      <Item icon={IconSelectAll} label="Select all" keys="⌘ A" onClick={() => editor.getState().selectAll()} />
      <Item icon={IconSearch} label="Find nodes" keys="⌘ F" onClick={() => ui.setState({ finding: true })} />
      {!readOnly && <Item icon={IconLayoutDistributeVertical} label="Tidy up" onClick={canvas.tidy} />}
      <Item icon={IconMaximize} label="Fit to view" keys="F" onClick={() => void flow.fitView({ ...FIT_ALL, duration: motion(140) })} />
    </>
  );
}
