import { ActionIcon, Menu } from '@mantine/core';
import type { WorkflowSummary } from '@switchyard/shared/contracts/workflows.ts';
import { IconCopy, IconDots, IconListDetails, IconPencil, IconPlayerPause, IconPlayerPlay, IconShieldCheck, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useDelete, useDuplicate, useSetPaused } from './workflow-actions.ts';

/** The actions on a workflow in the list. */
export function WorkflowMenu({ workflow, onRename }: { workflow: WorkflowSummary; onRename: () => void }) {
  const navigate = useNavigate();
  const duplicate = useDuplicate();
  const setPaused = useSetPaused();
  const remove = useDelete();
  const { id, name, paused } = workflow;
  return (
    <Menu width={180}>
      <Menu.Target>
        <ActionIcon aria-label={`More actions for ${name}`}>
          <IconDots size={18} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} stroke={1.6} />} onClick={onRename}>
          Rename
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
