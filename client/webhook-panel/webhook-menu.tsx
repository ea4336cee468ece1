import { ActionIcon, Button, Group, Menu, Modal } from '@mantine/core';
import { rotateWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { IconDots, IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { showDone, showFailure } from '../ui/toast.tsx';
import classes from './webhook-panel.module.css';

const WORDS = {
  live: { label: 'New live URL', warning: 'Callers get 404 until they use the new URL. This can’t be undone.' },
  test: { label: 'New test URL', warning: 'Callers get 404 until they use the new URL. This can’t be undone.' },
} as const;
type Which = keyof typeof WORDS;

/** Creates new URLs after a warning, since the old ones stop working. */
export function WebhookMenu({ workflowId }: { workflowId: string }) {
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Which | null>(null);
  const rotate = async (which: Which) => {
    setAsked(null);
    try {
      queries.setQueryData(keys.webhook(workflowId), await call(rotateWebhook, { params: { id: workflowId }, body: { which } }));
      showDone(`New ${which} URL created`);
    } catch (thrown) {
      showFailure('Couldn’t change URL', thrown);
    }
  };
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label="More actions for the webhook">
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {(['live', 'test'] as const).map((which) => (
            <Menu.Item key={which} leftSection={<IconRefresh size={16} />} onClick={() => setAsked(which)}>
              {WORDS[which].label}…
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={asked !== null} onClose={() => setAsked(null)} title={asked ? WORDS[asked].label : ''} size="sm">
        {asked && (
          <>
            <p className={classes.warning}>{WORDS[asked].warning}</p>
            <Group justify="flex-end" gap="xs">
              <Button onClick={() => setAsked(null)}>Cancel</Button>
              <Button variant="filled" color="red" onClick={() => void rotate(asked)}>
                Create new URL
              </Button>
            </Group>
          </>
        )}
      </Modal>
    </>
  );
}
