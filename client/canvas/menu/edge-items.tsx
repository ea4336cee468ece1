import { Menu } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useReactFlow } from '@xyflow/react';
import type { Point } from '../../graph-editing/operations/geometry.ts';
import { useEditorApi } from '../../open-workflow/editor-store.ts';
import { useCanvasUiApi } from '../view/canvas-ui.ts';
import { Item } from './item.tsx';

/** What can be done with an edge. By keyboard, “Connect…” of its node lists and removes its edges. */
export function EdgeItems({ edgeId, flow }: { edgeId: string; flow: Point }) {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const { flowToScreenPosition } = useReactFlow();
  return (
    <>
      <Item
        icon={IconPlus}
        label="Insert a node…"
        onClick={() => ui.setState({ adding: { kind: 'edge', edgeId, flow, screen: flowToScreenPosition(flow) } })}
      />
      <Menu.Divider />
      <Item icon={IconTrash} label="Remove edge" keys="Delete" danger onClick={() => editor.getState().disconnect([edgeId])} />
    </>
  );
}
