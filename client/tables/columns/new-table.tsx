import { ActionIcon, Button, Checkbox, Select, TextInput } from '@mantine/core';
import { TYPE_LABELS } from '@switchyard/shared/tables/row-filter.ts';
import { COLUMN_TYPES, type ColumnType, isKeyType } from '@switchyard/shared/tables/table.ts';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useCreateTable } from '../../api/state/table-queries.ts';
import { SendError } from '../../frame/send-error.tsx';
import styles from './columns.module.css';

interface Draft {
  readonly number: number;
  readonly name: string;
  readonly type: ColumnType;
  readonly isKey: boolean;
}

export const TYPES = COLUMN_TYPES.map((type) => ({ value: type, label: TYPE_LABELS[type] }));
export const typeOf = (value: string | null): ColumnType => COLUMN_TYPES.find((type) => type === value) ?? 'text';

const blank = (number: number): Draft => ({ number, name: '', type: 'text', isKey: false });

/** Creates a table with its columns. */
export function NewTable({ onClose }: { onClose: () => void }) {
  const create = useCreateTable();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [columns, setColumns] = useState<readonly Draft[]>([blank(1)]);
  const named = columns.filter((column) => column.name.trim() !== '');
  const change = (number: number, changes: Partial<Draft>) =>
    setColumns(columns.map((column) => (column.number === number ? { ...column, ...changes } : { ...column, ...(changes.isKey && { isKey: false }) })));
  return (
    <form
      className={styles.form}
      aria-label="New table"
      onSubmit={(event) => {
        event.preventDefault();
        const body = { name, columns: named.map(({ name: column, type, isKey }) => ({ name: column, type, isKey: isKey && isKeyType(type) })) };
        create.mutate(body, { onSuccess: ({ id }) => void navigate({ to: '/tables/$id', params: { id } }) });
      }}
    >
      <TextInput label="Name" value={name} maxLength={60} onChange={(event) => setName(event.currentTarget.value)} className={styles.wide} autoFocus />
      <fieldset className={styles.columns}>
        <legend className={styles.legend}>Columns</legend>
        {columns.map((column, index) => (
          <div key={column.number} className={styles.column}>
            <TextInput
              aria-label={`Name of column ${index + 1}`}
              placeholder="Column name"
              value={column.name}
              maxLength={60}
              onChange={(event) => change(column.number, { name: event.currentTarget.value })}
            />
            <Select
              aria-label={`Type of column ${index + 1}`}
              data={TYPES}
              value={column.type}
              allowDeselect={false}
              onChange={(value) => change(column.number, { type: typeOf(value) })}
            />
            <Checkbox
              label="Key"
              aria-label={`Column ${index + 1} is the key`}
              checked={column.isKey && isKeyType(column.type)}
              disabled={!isKeyType(column.type)}
              onChange={(event) => change(column.number, { isKey: event.currentTarget.checked })}
            />
            <ActionIcon
              aria-label={`Remove column ${index + 1}`}
              disabled={columns.length === 1}
              onClick={() => setColumns(columns.filter(({ number }) => number !== column.number))}
            >
              <IconX size={14} />
            </ActionIcon>
          </div>
        ))}
        <div>
          <Button
            size="xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => setColumns([...columns, blank(Math.max(...columns.map(({ number }) => number)) + 1)])}
          >
            Add column
          </Button>
        </div>
      </fieldset>
      <p className={styles.hint}>
        Values in the key column are unique, so a run can find and update a row. It can only be chosen while a table has no rows. To start from a CSV file,
        create the table without columns and import the file into it.
      </p>
      <SendError error={create.error} />
      <div className={styles.buttons}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="filled" loading={create.isPending} disabled={name.trim() === ''}>
          Create table
        </Button>
      </div>
    </form>
  );
}
