import { Button, Skeleton } from '@mantine/core';
import type { Table } from '@switchyard/shared/contracts/state/tables.ts';
import { TYPE_LABELS } from '@switchyard/shared/tables/row-filter.ts';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTables } from '../api/state/table-queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { SearchBox } from '../frame/search-box.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { TimeAgo } from '../ui/figures.tsx';
import { NewTable } from './columns/new-table.tsx';
import styles from './tables-page.module.css';

/** The tables of the workspace. */
export function TablesPage() {
  const [search, setSearch] = useState('');
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <TopBar
        title="Tables"
        actions={
          <>
            <SearchBox value={search} onChange={setSearch} label="Search tables" />
            <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.8} />} onClick={() => setAdding(true)}>
              New table
            </Button>
          </>
        }
      />
      <div className={styles.page}>
        {isAdding && <NewTable onClose={() => setAdding(false)} />}
        <Tables search={search.trim().toLowerCase()} />
      </div>
    </>
  );
}

function Tables({ search }: { search: string }) {
  const { data, error, refetch } = useTables();
  if (error && !data) return <ErrorState title="Couldn’t load tables" error={error} retry={() => void refetch()} />;
  if (!data) {
    return (
      <div role="status" aria-label="Loading tables">
        <Skeleton height={14} width="40%" />
      </div>
    );
  }
  if (data.length === 0)
    return (
      <EmptyState
        title="No tables yet"
        text="A table holds rows that workflows add, change, and find with a State node. Create one, then import a CSV file into it or let runs fill it."
      />
    );
  const found = data.filter(({ name }) => name.toLowerCase().includes(search));
  if (found.length === 0) return <EmptyState title="No tables match" text="Try a shorter search." />;
  return (
    <ul className={styles.list} aria-label="Tables">
      {found.map((table) => (
        <TableLine key={table.id} table={table} />
      ))}
    </ul>
  );
}

const MOST_SHOWN = 6;

function TableLine({ table: { id, name, columns, updatedAt } }: { table: Table }) {
  const more = columns.length - MOST_SHOWN;
  return (
    <li className={styles.line}>
      <Link to="/tables/$id" params={{ id }} className={styles.name}>
        {name}
      </Link>
      <span className={styles.columns}>
        {columns.length === 0
          ? 'No columns yet'
          : columns
              .slice(0, MOST_SHOWN)
              .map((column) => `${column.name} (${TYPE_LABELS[column.type]})`)
              .join(', ')}
        {more > 0 && ` and ${more} more`}
      </span>
      <span className={styles.when}>
        Changed <TimeAgo at={updatedAt} />
      </span>
    </li>
  );
}
