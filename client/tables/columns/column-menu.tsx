import { Button, Menu, Modal, TextInput } from '@mantine/core';
import type { TableDetails } from '@switchyard/shared/contracts/state/tables.ts';
import { TYPE_LABELS } from '@switchyard/shared/tables/row-filter.ts';
import type { Column } from '@switchyard/shared/tables/table.ts';
import { IconArrowDown, IconArrowUp, IconChevronDown, IconKey, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useRemoveColumn, useRenameColumn } from '../../api/state/table-queries.ts';
import { SendError } from '../../frame/send-error.tsx';
import styles from './columns.module.css';

interface MenuProps {
  readonly table: TableDetails;
  readonly column: Column;
  readonly sorted: 'ascending' | 'descending' | undefined;
  readonly onSort: (descending: boolean) => void;
}

/** The head of a column: its name, with a menu to sort, rename, and remove it. */
export function ColumnMenu({ table, column, sorted, onSort }: MenuProps) {
  const [asked, setAsked] = useState<'rename' | 'remove'>();
  const close = () => setAsked(undefined);
  return (
    <>
      <Menu width={200} position="bottom-start">
        <Menu.Target>
          <button type="button" className={styles.head}>
            {column.isKey && <IconKey size={13} aria-label="Key column" />}
            <span className={styles.headName}>{column.name}</span>
            <span className={styles.type}>{TYPE_LABELS[column.type]}</span>
            {sorted === 'ascending' && <IconArrowUp size={13} aria-hidden />}
            {sorted === 'descending' && <IconArrowDown size={13} aria-hidden />}
            <IconChevronDown size={13} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {column.type !== 'json' && (
            <>
              <Menu.Item leftSection={<IconArrowUp size={14} />} onClick={() => onSort(false)}>
                Sort ascending
              </Menu.Item>
              <Menu.Item leftSection={<IconArrowDown size={14} />} onClick={() => onSort(true)}>
                Sort descending
              </Menu.Item>
              <Menu.Divider />
            </>
          )}
          <Menu.Item leftSection={<IconPencil size={14} />} onClick={() => setAsked('rename')}>
            Rename
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => setAsked('remove')}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked === 'rename' && <RenameColumn table={table} column={column} onClose={close} />}
      {asked === 'remove' && <RemoveColumn table={table} column={column} onClose={close} />}
    </>
  );
}

type DialogProps = Pick<MenuProps, 'table' | 'column'> & { readonly onClose: () => void };

/** Names the workflows that use the table: they name its columns. */
function UsedBy({ table: { usedBy } }: Pick<MenuProps, 'table'>) {
  if (usedBy.length === 0) return null;
  return <p className={styles.hint}>Nodes refer to columns by name. Check them in {usedBy.map(({ name }) => `“${name}”`).join(', ')}.</p>;
}

function RenameColumn({ table, column, onClose }: DialogProps) {
  const rename = useRenameColumn(table.id, column.id);
  const [name, setName] = useState(column.name);
  return (
    <Modal opened onClose={onClose} size={420} title={`Rename “${column.name}”`}>
      <form
        className={styles.fields}
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate(name, { onSuccess: onClose });
        }}
      >
        <TextInput label="Name" value={name} maxLength={60} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
        <UsedBy table={table} />
        <SendError error={rename.error} />
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={rename.isPending} disabled={name.trim() === ''}>
            Rename column
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function RemoveColumn({ table, column, onClose }: DialogProps) {
  const remove = useRemoveColumn(table.id, column.id);
  return (
    <Modal opened onClose={onClose} size={420} title={`Remove “${column.name}”?`}>
      <div className={styles.fields}>
        <p>Removes the column and its cells in all live and draft rows. This can’t be undone.</p>
        <UsedBy table={table} />
        <SendError error={remove.error} />
        <div className={styles.buttons}>
          <Button onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button color="red" variant="filled" loading={remove.isPending} onClick={() => remove.mutate(undefined, { onSuccess: onClose })}>
            Remove column
          </Button>
        </div>
      </div>
    </Modal>
  );
}
