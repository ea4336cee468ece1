import { Button, Switch, UnstyledButton } from '@mantine/core';
import type { Trigger } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { IconChevronDown, IconChevronRight, IconTrash } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { DeleteDialog } from '../frame/reasons/delete-dialog.tsx';
import { showFailure } from '../ui/toast.tsx';
import { EditTrigger } from './trigger-form.tsx';
import { KINDS, triggerState } from './trigger-labels.ts';
import { useDeleteTrigger, useUpdateTrigger } from './trigger-queries.ts';
import styles from './triggers-panel.module.css';
import { WeekFigures } from './week-bars.tsx';

interface Props {
  readonly trigger: Trigger;
  readonly summary: string;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** One trigger. Its settings open below it. */
export function TriggerRow({ trigger, summary, isOpen, onToggle }: Props) {
  const { title, icon: Glyph } = KINDS[trigger.kind];
  const [isDeleting, setDeleting] = useState(false);
  const details = useId();
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <li className={styles.item} aria-label={`${title}: ${summary}`} data-open={isOpen || undefined}>
      <div className={styles.row}>
        <UnstyledButton className={styles.head} aria-expanded={isOpen} aria-controls={isOpen ? details : undefined} onClick={onToggle}>
          <Chevron size={16} stroke={1.7} aria-hidden className={styles.chevron} />
          <span className={styles.kind}>
            <Glyph size={17} stroke={1.6} aria-hidden />
          </span>
          <span className={styles.what}>
            <b>{title}</b>
            <span dir="auto">{summary}</span>
          </span>
        </UnstyledButton>
        <StateTag trigger={trigger} />
        <WeekFigures week={trigger.week} />
        <div className={styles.switch}>
          <OnSwitch trigger={trigger} label={`${title}: ${summary}`} />
        </div>
      </div>
      {isOpen && (
        <div id={details}>
          <EditTrigger trigger={trigger}>
            <Button leftSection={<IconTrash size={15} stroke={1.6} />} onClick={() => setDeleting(true)}>
              Delete
            </Button>
          </EditTrigger>
        </div>
      )}
      {isDeleting && <DeleteTrigger trigger={trigger} name={`${title}: ${summary}`} onClose={() => setDeleting(false)} />}
    </li>
  );
}

function StateTag({ trigger }: { trigger: Trigger }) {
  const { label, tone } = triggerState(trigger);
  return (
    <p className={styles.state}>
      <span className={styles.tag} data-tone={tone}>
        {label}
      </span>
    </p>
  );
}

function OnSwitch({ trigger, label }: { trigger: Trigger; label: string }) {
  const update = useUpdateTrigger(trigger);
  const turn = (enabled: boolean) =>
    update.mutate({ enabled }, { onError: (thrown) => showFailure(enabled ? 'Couldn’t turn on trigger' : 'Couldn’t turn off trigger', thrown) });
  const shown = update.isPending ? (update.variables.enabled ?? trigger.enabled) : trigger.enabled;
  return <Switch aria-label={`On: ${label}`} checked={shown} onChange={(event) => turn(event.currentTarget.checked)} />;
}

function DeleteTrigger({ trigger, name, onClose }: { trigger: Trigger; name: string; onClose: () => void }) {
  const remove = useDeleteTrigger(trigger);
  return (
    <DeleteDialog
      name={name}
      action="Delete trigger"
      isUsed={false}
      isBusy={remove.isPending}
      error={remove.error}
      onDelete={(query) => remove.mutate(query, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{trigger.url !== null ? 'Its URL stops working. Its runs are kept.' : 'It starts no more runs. Its runs are kept.'}</p>
    </DeleteDialog>
  );
}
