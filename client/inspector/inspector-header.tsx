import { ActionIcon, CloseButton, Menu, VisuallyHidden } from '@mantine/core';
import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { IconCopy, IconDots, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { NodeIcon } from '../node-look/node-icon.tsx';
import { BuildItems } from '../node-menu/build-items.tsx';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import classes from './inspector.module.css';
import { KeyField } from './key-field.tsx';
import { TitleField } from './title-field.tsx';

/** Icon, title, and key with inline editing, actions on the node, and a close button. */
export function InspectorHeader({ node }: { node: GraphNode }) {
  const editor = useEditorApi();
  const readOnly = useEditor((state) => state.readOnly);
  const definition = definitionOf(node.type);
  const actions = editor.getState();
  return (
    <header className={classes.header}>
      <VisuallyHidden component="h2">Inspector</VisuallyHidden>
      <NodeIcon icon={definition?.icon ?? ''} category={definition?.category ?? 'flow'} size={28} />
      <div className={classes.names}>
        <TitleField value={node.data.title} readOnly={readOnly} onChange={(title) => actions.setTitle(node.id, title)} />
        {definition?.role !== 'note' && <KeyField nodeId={node.id} value={node.data.key} readOnly={readOnly} />}
      </div>
      {!readOnly && (
        <Menu>
          <Menu.Target>
            <ActionIcon aria-label="More actions">
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <BuildItems node={node} />
            <Menu.Item
              leftSection={<IconCopy size={16} />}
              onClick={() => {
                actions.select([node.id]);
                actions.duplicateSelection();
              }}
            >
              Duplicate
            </Menu.Item>
            {definition?.role === 'step' && (
              <Menu.Item
                leftSection={node.data.disabled ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
                onClick={() => actions.setData(node.id, { disabled: node.data.disabled ? undefined : true } as Partial<GraphNode['data']>)}
              >
                {node.data.disabled ? 'Enable' : 'Disable (pass input through)'}
              </Menu.Item>
            )}
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} />}
              onClick={() => {
                actions.select([node.id]);
                actions.deleteSelection();
              }}
            >
              Delete
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <CloseButton aria-label="Close the inspector" onClick={() => actions.openPanel(null)} />
    </header>
  );
}
