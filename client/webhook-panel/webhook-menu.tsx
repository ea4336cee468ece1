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
  live: { label: 'New live URL', warning: 'Whoever calls the live URL gets 404 from then on, until they have the new one. This cannot be taken back.' },
  test: { label: 'New test URL', warning: 'Calls of the test URL that you have noted elsewhere stop working. This cannot be taken back.' },
} as const;
type Which = keyof typeof WORDS;

/** Makes new addresses, with a warning, as the old ones stop working. */
export function WebhookMenu({ workflowId }: { workflowId: string }) {
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Which | null>(null);
  const rotate = async (which: Which) => {
    setAsked(null);
    try {
      queries.setQueryData(keys.webhook(workflowId), await call(rotateWebhook, { params: { id: workflowId }, body: { which } }));
      showDone(`There is a new ${which} URL`);
    } catch (thrown) {
      showFailure('The URL was not changed', thrown);
    }
  };
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label="More for the webhook">
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
              <Button onClick={() => setAsked(null)}>Keep the old one</Button>
              <Button variant="filled" color="red" onClick={() => void rotate(asked)}>
                Make a {asked === 'live' ? 'new live URL' : 'new test URL'}
              </Button>
            </Group>
          </>
        )}
      </Modal>
    </>
  );
}
