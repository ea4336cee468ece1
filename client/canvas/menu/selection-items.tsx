import { Menu } from '@mantine/core';
import { IconArtboard, IconCircleOff, IconCopy, IconCopyPlus, IconLayoutAlignLeft } from '@tabler/icons-react';
import { useEditor, useEditorApi } from '../../open-workflow/editor-store.ts';
import { ARRANGEMENTS } from '../view/arrangements.ts';
import { useCanvasActions } from '../view/use-canvas-actions.ts';
import { Item } from './item.tsx';
import { DeleteItem, SubWorkflowItem } from './node-items.tsx';

/** What can be done with several nodes at once. */
export function SelectionItems() {
  const editor = useEditorApi();
  const canvas = useCanvasActions();
  const readOnly = useEditor((state) => state.readOnly);
  const { toggleDisabled, duplicateSelection } = editor.getState();
  if (readOnly) return <Item icon={IconCopy} label="Copy" keys="⌘ C" onClick={canvas.copy} />;
  return (
    <>
      <Item icon={IconArtboard} label="Group" keys="⌘ G" onClick={canvas.group} />
      <SubWorkflowItem />
      <Menu.Sub>
        <Menu.Sub.Target>
          <Menu.Sub.Item leftSection={<IconLayoutAlignLeft size={16} stroke={1.7} aria-hidden />}>Arrange</Menu.Sub.Item>
        </Menu.Sub.Target>
        <Menu.Sub.Dropdown>
          {ARRANGEMENTS.map(({ how, label, icon }) => (
            <Item key={how} icon={icon} label={label} onClick={() => canvas.arrange(how)} />
          ))}
        </Menu.Sub.Dropdown>
      </Menu.Sub>
      <Menu.Divider />
      <Item icon={IconCopyPlus} label="Duplicate" keys="⌘ D" onClick={duplicateSelection} />
      <Item icon={IconCopy} label="Copy" keys="⌘ C" onClick={canvas.copy} />
      <Item icon={IconCircleOff} label="Disable or enable" keys="D" onClick={() => void toggleDisabled()} />
      <Menu.Divider />
      <DeleteItem />
    </>
  );
}
