import { Button, Checkbox, Popover, Select, TextInput } from '@mantine/core';
import type { TableDetails } from '@switchyard/shared/contracts/state/tables.ts';
import { isKeyType } from '@switchyard/shared/tables/table.ts';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useAddColumn } from '../../api/state/table-queries.ts';
import { SendError } from '../../frame/send-error.tsx';
import styles from './columns.module.css';
import { TYPES, typeOf } from './new-table.tsx';

/** A button whose form adds a column. */
export function AddColumn({ table: { id, columns, rows } }: { table: TableDetails }) {
  const add = useAddColumn(id);
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [type, setType] = useState(typeOf(null));
  const [isKey, setKey] = useState(false);
  const mayBeKey = isKeyType(type) && rows.live + rows.draft === 0 && !columns.some((column) => column.isKey);
  const close = () => {
    setOpen(false);
    setName('');
    setKey(false);
    add.reset();
  };
  return (
    <Popover opened={open} onChange={(next) => (next ? setOpen(true) : close())} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button size="xs" leftSection={<IconPlus size={14} />} aria-expanded={open} onClick={() => (open ? close() : setOpen(true))}>
          Add column
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Add column">
        <form
          className={styles.fields}
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate({ name, type, isKey: isKey && mayBeKey }, { onSuccess: close });
          }}
        >
          <TextInput label="Name" value={name} maxLength={60} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
          <Select
            label="Type"
            data={TYPES}
            value={type}
            allowDeselect={false}
            onChange={(value) => setType(typeOf(value))}
            comboboxProps={{ withinPortal: false }}
          />
          {mayBeKey && <Checkbox label="Key column: values are unique" checked={isKey} onChange={(event) => setKey(event.currentTarget.checked)} />}
          <SendError error={add.error} />
          <div className={styles.buttons}>
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" variant="filled" loading={add.isPending} disabled={name.trim() === ''}>
              Add
            </Button>
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
