import { Button, Menu, Skeleton, UnstyledButton } from '@mantine/core';
import type { ConfiguredKind, Week } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { IconBolt, IconChevronRight, IconPlus, IconWebhook } from '@tabler/icons-react';
import { useState } from 'react';
import { useWebhook, useWorkflows } from '../api/queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { PanelFrame } from '../frame/panel/panel-frame.tsx';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { NewTriggerForm } from './trigger-form.tsx';
import { KIND_ORDER, KINDS, triggerSummary } from './trigger-labels.ts';
import { useTriggers } from './trigger-queries.ts';
import { TriggerRow } from './trigger-row.tsx';
import styles from './triggers-panel.module.css';
import { WeekFigures } from './week-bars.tsx';

/** Everything that starts the workflow: its webhook, and its triggers in the order in which they were added. */
export function TriggersPanel() {
  const editor = useEditorApi();
  const workflowId = useEditor((state) => state.workflowId);
  const isPublished = useEditor((state) => state.liveVersion !== null);
  const triggers = useTriggers(workflowId);
  const { data: workflows = [] } = useWorkflows();
  const [adding, setAdding] = useState<ConfiguredKind>();
  const [openId, setOpenId] = useState<string>();
  const nameOf = (id: string): string => workflows.find((workflow) => workflow.id === id)?.name ?? id;
  const shown = (id: string) => {
    setAdding(undefined);
    setOpenId(id);
  };
  return (
    <PanelFrame
      title="Triggers"
      icon={IconBolt}
      subtitle="Everything that starts this workflow"
      actions={<AddMenu onAdd={setAdding} />}
      closeLabel="Close the triggers panel"
      onClose={() => editor.getState().openPanel(null)}
      foot={<footer className={styles.footer}>Bars show the last 7 days.</footer>}
    >
      {!isPublished && <p className={styles.strip}>Triggers run the live version. Publish this workflow first.</p>}
      {adding && <NewTriggerForm key={adding} kind={adding} onCreated={shown} onCancel={() => setAdding(undefined)} />}
      <ul className={styles.list}>
        <WebhookRow workflowId={workflowId} week={triggers.data?.webhook} />
        {triggers.data?.items.map((trigger) => (
          <TriggerRow
            key={trigger.id}
            trigger={trigger}
            summary={triggerSummary(trigger, nameOf)}
            isOpen={openId === trigger.id}
            onToggle={() => setOpenId(openId === trigger.id ? undefined : trigger.id)}
          />
        ))}
      </ul>
      {triggers.isPending && <Skeleton className={styles.loading} height={12} width="60%" />}
      {triggers.isError && !triggers.data && <ErrorState title="Couldn’t load triggers" error={triggers.error} retry={() => void triggers.refetch()} />}
    </PanelFrame>
  );
}

function AddMenu({ onAdd }: { onAdd: (kind: ConfiguredKind) => void }) {
  return (
    <Menu>
      <Menu.Target>
        <Button leftSection={<IconPlus size={15} stroke={1.7} />}>Add trigger</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {KIND_ORDER.map((kind) => {
          const { title, summary, icon: Glyph } = KINDS[kind];
          return (
            <Menu.Item key={kind} leftSection={<Glyph size={16} stroke={1.6} />} onClick={() => onAdd(kind)}>
              <span className={styles.choice}>
                <b>{title}</b>
                <span>{summary}</span>
              </span>
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The webhook, which has its own panel. */
function WebhookRow({ workflowId, week }: { workflowId: string; week: Week | undefined }) {
  const openPanel = useEditor((state) => state.openPanel);
  const paused = useEditor((state) => state.paused);
  const isPublished = useEditor((state) => state.liveVersion !== null);
  const { data: webhook } = useWebhook(workflowId);
  return (
    <li className={styles.item}>
      <UnstyledButton className={styles.row} onClick={() => openPanel('webhook')}>
        <span className={styles.head}>
          <IconChevronRight size={16} stroke={1.7} aria-hidden className={styles.chevron} />
          <span className={styles.kind}>
            <IconWebhook size={17} stroke={1.6} aria-hidden />
          </span>
          <span className={styles.what}>
            <b>Webhook</b>
            <span>{webhook ? `POST ${new URL(webhook.url).pathname}` : 'URLs, response, and signature'}</span>
          </span>
        </span>
        <span className={styles.state}>
          <span className={styles.tag} data-tone={!isPublished ? 'off' : paused ? 'waiting' : 'on'}>
            {!isPublished ? 'Not published' : paused ? 'Paused' : 'On'}
          </span>
        </span>
        {week && <WeekFigures week={week} />}
        <span className={styles.switch} />
      </UnstyledButton>
    </li>
  );
}
