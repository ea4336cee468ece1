import { Button, Popover, Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { type Column, columnKey, MOST_COLUMNS, versionWords } from '../parts/columns.ts';
import styles from './compare.module.css';

interface Props {
  readonly columns: readonly Column[];
  readonly versions: readonly Column['version'][];
  readonly routes: readonly string[];
  readonly onAdd: (column: Column) => void;
}

/** Adds a version on a route, up to four columns. */
export function AddColumn({ columns, versions, routes, onAdd }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [version, setVersion] = useState<Column['version'] | undefined>(versions[0]);
  const [route, setRoute] = useState<string>();
  const chosen = route ?? routes[0];
  const column = version !== undefined && chosen !== undefined ? { version, route: chosen } : undefined;
  const isTaken = column !== undefined && columns.some((other) => columnKey(other) === columnKey(column));
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button leftSection={<IconPlus size={16} stroke={1.7} />} disabled={columns.length >= MOST_COLUMNS} onClick={() => setOpen(!isOpen)}>
          Add column
          <span className={styles.count}>
            {columns.length} of {MOST_COLUMNS}
          </span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className={styles.adding}
          onSubmit={(event) => {
            event.preventDefault();
            if (column) onAdd(column);
            setOpen(false);
          }}
        >
          <Select
            label="Version"
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
            data={versions.map((one) => ({ value: String(one), label: versionWords(one) }))}
            value={version === undefined ? null : String(version)}
            onChange={(next) => setVersion(next === 'draft' ? 'draft' : Number(next))}
          />
          <Select
            label="Route"
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
            data={[...routes]}
            value={chosen ?? null}
            error={isTaken && 'This version is already compared on this route'}
            onChange={(next) => setRoute(next ?? undefined)}
          />
          <Button type="submit" variant="filled" disabled={!column || isTaken}>
            Add column
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
