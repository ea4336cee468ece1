import { Button, Modal, NumberInput, TextInput } from '@mantine/core';
import type { TableDetails } from '@switchyard/shared/contracts/state/tables.ts';
import { IconSettings } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useDeleteTable, useUpdateTable } from '../api/state/table-queries.ts';
import { SendError } from '../frame/send-error.tsx';
import { ConfirmButton } from '../ui/confirm/confirm-button.tsx';
import { showDone, showFailure } from '../ui/toast.tsx';
import styles from './table-page.module.css';

/** A button for the settings of a table. */
export function TableMenu({ table }: { table: TableDetails }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button leftSection={<IconSettings size={16} stroke={1.7} />} className={styles.brief} aria-label="Table settings" onClick={() => setOpen(true)}>
        Table settings
      </Button>
      {open && <Settings table={table} onClose={() => setOpen(false)} />}
    </>
  );
}

function Settings({ table, onClose }: { table: TableDetails; onClose: () => void }) {
  const update = useUpdateTable(table.id);
  const [name, setName] = useState(table.name);
  const [keepDays, setKeepDays] = useState<number | string>(table.keepDays ?? '');
  const names = table.usedBy.map((workflow) => `“${workflow.name}”`).join(', ');
  return (
    <Modal opened onClose={onClose} size={460} title="Table settings">
      <form
        className={styles.settings}
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate({ name, keepDays: typeof keepDays === 'number' ? keepDays : null }, { onSuccess: onClose });
        }}
      >
        <TextInput
          label="Name"
          value={name}
          maxLength={60}
          onChange={(event) => setName(event.currentTarget.value)}
          {...(names !== '' && { description: `Nodes refer to the table by name. Also change it in ${names}.` })}
          data-autofocus
        />
        <NumberInput
          label="Delete rows after"
          description="Days since the last change. Empty: rows are kept until they are deleted."
          suffix={keepDays === 1 ? ' day' : ' days'}
          min={1}
          max={3_650}
          allowDecimal={false}
          allowNegative={false}
          value={keepDays}
          onChange={setKeepDays}
        />
        <SendError error={update.error} />
        <div className={styles.buttons}>
          <DeleteTable table={table} names={names} />
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={update.isPending} disabled={name.trim() === ''}>
            Save settings
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function DeleteTable({ table, names }: { table: TableDetails; names: string }) {
  const remove = useDeleteTable(table.id);
  const navigate = useNavigate();
  const used = names === '' ? '' : ` Nodes of ${names} that use it will fail.`;
  return (
    <ConfirmButton
      label={`Delete table ${table.name}`}
      question={`Deletes the table with all its rows, live and draft.${used} This can’t be undone.`}
      busy={remove.isPending}
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: () => {
            showDone('Table deleted');
            void navigate({ to: '/tables' });
          },
          onError: (error) => showFailure('Couldn’t delete table', error),
        })
      }
    >
      Delete table
    </ConfirmButton>
  );
}
