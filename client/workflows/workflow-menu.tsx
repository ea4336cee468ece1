import { ActionIcon, Menu } from '@mantine/core';
import type { WorkflowSummary } from '@switchyard/shared/contracts/workflows.ts';
import { IconCopy, IconDots, IconListDetails, IconPencil, IconPlayerPause, IconPlayerPlay, IconShieldCheck, IconTag, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useDelete, useDuplicate, useSetPaused } from './workflow-actions.ts';

interface WorkflowMenuProps {
  readonly workflow: WorkflowSummary;
  readonly onRename: () => void;
  readonly onTag: () => void;
}

/** The actions on a workflow in the list. */
export function WorkflowMenu({ workflow, onRename, onTag }: WorkflowMenuProps) {
  const navigate = useNavigate();
  const duplicate = useDuplicate();
  const setPaused = useSetPaused();
  const remove = useDelete();
  const { id, name, paused } = workflow;
  // The focus returns to the button, unless a field opens in the row.
  const [returnsFocus, setReturnsFocus] = useState(true);
  const edit = (open: () => void) => () => {
    setReturnsFocus(false);
    open();
  };
  return (
    <Menu width={180} returnFocus={returnsFocus} onOpen={() => setReturnsFocus(true)}>
      <Menu.Target>
        <ActionIcon aria-label={`More actions for ${name}`}>
          <IconDots size={18} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} stroke={1.6} />} onClick={edit(onRename)}>
          Rename
        </Menu.Item>
        <Menu.Item leftSection={<IconTag size={16} stroke={1.6} />} onClick={edit(onTag)}>
          Edit tags
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={16} stroke={1.6} />} onClick={() => duplicate.mutate({ id, name })}>
          Duplicate
        </Menu.Item>
        <Menu.Item leftSection={<IconListDetails size={16} stroke={1.6} />} onClick={() => void navigate({ to: '/runs', search: { workflow: id } })}>
          View runs
        </Menu.Item>
        <Menu.Item leftSection={<IconShieldCheck size={16} stroke={1.6} />} onClick={() => void navigate({ to: '/workflows/$id/policies', params: { id } })}>
          Policies
        </Menu.Item>
        <Menu.Item
          leftSection={paused ? <IconPlayerPlay size={16} stroke={1.6} /> : <IconPlayerPause size={16} stroke={1.6} />}
          onClick={() => setPaused.mutate({ id, name, paused: !paused })}
        >
          {paused ? 'Resume' : 'Pause'}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={() => remove({ id, name })}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
