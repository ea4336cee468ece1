import { Menu } from '@mantine/core';
import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import {
  IconArrowsLeftRight,
  IconArtboard,
  IconArtboardOff,
  IconCircleOff,
  IconCopy,
  IconCopyPlus,
  IconLink,
  IconPencil,
  IconPower,
  IconSitemap,
  IconSitemapOff,
  IconTrash,
} from '@tabler/icons-react';
import { isFrame, isGroup } from '../../graph-editing/operations/containers.ts';
import { BuildItems } from '../../node-menu/build-items.tsx';
import { useEditor, useEditorApi, useGraphNode } from '../../open-workflow/editor-store.ts';
import { useInlineSubWorkflow } from '../sub-workflow/use-inline-sub-workflow.ts';
import { useCanvasUiApi } from '../view/canvas-ui.ts';
import { useCanvasActions } from '../view/use-canvas-actions.ts';
import { Item } from './item.tsx';

/** What can be done with one node: run it, edit it, delete it. */
export function NodeItems({ nodeId }: { nodeId: string }) {
  const node = useGraphNode(nodeId);
  const canvas = useCanvasActions();
  const readOnly = useEditor((state) => state.readOnly);
  if (!node) return null;
  if (readOnly) {
    return (
      <>
        <Item icon={IconPencil} label="Open" keys="Enter" onClick={() => canvas.open(nodeId)} />
        <Item icon={IconCopy} label="Copy" keys="⌘ C" onClick={canvas.copy} />
      </>
    );
  }
  return (
    <>
      <BuildItems node={node} />
      <EditItems node={node} />
      <Menu.Divider />
      <DeleteItem />
    </>
  );
}

function EditItems({ node }: { node: GraphNode }) {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const canvas = useCanvasActions();
  const inline = useInlineSubWorkflow();
  const hasFrames = useEditor(({ graph }) => node.parentId !== undefined || graph.nodes.some((other) => other.id !== node.id && isFrame(other, definitionOf)));
  const role = definitionOf(node.type)?.role;
  const { toggleDisabled, duplicateSelection, moveIntoContainer, ungroup } = editor.getState();
  return (
    <>
      <Item icon={IconPencil} label="Rename" keys="F2" onClick={() => canvas.rename(node.id)} />
      {role !== 'note' && <Item icon={IconLink} label="Connect…" keys="C" onClick={() => ui.setState({ connectFrom: node.id })} />}
      <Item icon={IconCopyPlus} label="Duplicate" keys="⌘ D" onClick={duplicateSelection} />
      <Item icon={IconCopy} label="Copy" keys="⌘ C" onClick={canvas.copy} />
      {role === 'step' && (
        <Item
          icon={node.data.disabled ? IconPower : IconCircleOff}
          label={node.data.disabled ? 'Enable' : 'Disable'}
          keys="D"
          onClick={() => void toggleDisabled()}
        />
      )}
      {hasFrames && (
        <Item
          icon={IconArrowsLeftRight}
          label={node.parentId === undefined ? 'Move into nearest frame' : 'Move out of its frame'}
          keys="I"
          onClick={() => void moveIntoContainer()}
        />
      )}
      {isGroup(node) ? (
        <Item icon={IconArtboardOff} label="Ungroup" keys="⌘ Shift G" onClick={() => void ungroup()} />
      ) : (
        <Item icon={IconArtboard} label="Group" keys="⌘ G" onClick={canvas.group} />
      )}
      {role !== 'note' && <SubWorkflowItem />}
      {node.type === 'workflow' && <Item icon={IconSitemapOff} label="Put the steps back inline" onClick={() => void inline(node.id)} />}
    </>
  );
}

/** Moves the selection into a workflow of its own. */
export function SubWorkflowItem() {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  return <Item icon={IconSitemap} label="Make a sub-workflow" onClick={() => ui.setState({ subWorkflowOf: editor.getState().selection.nodes })} />;
}

/** Deletes the selection. */
export function DeleteItem() {
  const editor = useEditorApi();
  return <Item icon={IconTrash} label="Delete" keys="Delete" danger onClick={() => editor.getState().deleteSelection()} />;
}
