import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import type { TableDetails } from '@switchyard/shared/contracts/state/tables.ts';
import { STATE_SPACES, type StateSpace } from '@switchyard/shared/run/state-change.ts';
import type { RowSort } from '@switchyard/shared/tables/row-filter.ts';
import { IconDownload, IconPlus, IconUpload } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { tableCsvUrl, useAddRow, useTable, useTableRows } from '../api/state/table-queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatNumber } from '../ui/format.ts';
import { showFailure } from '../ui/toast.tsx';
import { AddColumn } from './columns/add-column.tsx';
import { ImportDialog } from './import/import-dialog.tsx';
import { ClearRows } from './rows/clear-rows.tsx';
import { DeleteRows } from './rows/delete-rows.tsx';
import { type ConditionDraft, FilterBar, filterOf } from './rows/filter-bar.tsx';
import { Grid } from './rows/grid.tsx';
import { TableMenu } from './table-menu.tsx';
import styles from './table-page.module.css';

const PARENT = { to: '/tables', label: 'Tables' } as const;
const LABELS: Readonly<Record<StateSpace, string>> = { live: 'Live', draft: 'Draft' };
const SPACES = STATE_SPACES.map((value) => ({ value, label: LABELS[value] }));

/** A table: its rows, to look at and edit. */
export function TablePage() {
  const { id } = useParams({ from: '/tables/$id' });
  const { data: table, error, refetch } = useTable(id);
  const [chosen, setSpace] = useState<StateSpace>();
  // After a draft run, its rows are what there is to see.
  const space = chosen ?? (table && table.rows.live === 0 && table.rows.draft > 0 ? 'draft' : 'live');
  const [isImporting, setImporting] = useState(false);
  return (
    <>
      <TopBar
        parent={PARENT}
        title={table?.name ?? 'Table'}
        state={
          <SegmentedControl
            aria-label="Rows of"
            data={SPACES}
            value={space}
            onChange={(value) => setSpace(STATE_SPACES.find((one) => one === value) ?? 'live')}
          />
        }
        actions={table && <Actions table={table} space={space} onImport={() => setImporting(true)} />}
      />
      <div className={styles.page}>
        {error && !table && <ErrorState title="Couldn’t load the table" error={error} retry={() => void refetch()} />}
        {!table && !error && (
          <div role="status" aria-label="Loading table">
            <Skeleton height={14} width="40%" />
          </div>
        )}
        {table && <Rows key={`${id} ${space}`} table={table} space={space} onSpace={setSpace} onImport={() => setImporting(true)} />}
      </div>
      {table && isImporting && <ImportDialog table={table} space={space} onClose={() => setImporting(false)} />}
    </>
  );
}

function Actions({ table, space, onImport }: { table: TableDetails; space: StateSpace; onImport: () => void }) {
  const add = useAddRow(table.id);
  return (
    <>
      <TableMenu table={table} />
      <Button leftSection={<IconUpload size={16} stroke={1.7} />} className={styles.brief} aria-label="Import CSV" onClick={onImport}>
        Import CSV
      </Button>
      <Button
        component="a"
        href={tableCsvUrl(table.id, space)}
        download
        leftSection={<IconDownload size={16} stroke={1.7} />}
        className={styles.brief}
        aria-label="Export CSV"
      >
        Export CSV
      </Button>
      <Button
        variant="filled"
        leftSection={<IconPlus size={16} stroke={1.8} />}
        disabled={table.columns.length === 0}
        loading={add.isPending}
        onClick={() => add.mutate({ space, cells: {} }, { onError: (error) => showFailure('Couldn’t add row', error) })}
      >
        Add row
      </Button>
    </>
  );
}

interface RowsProps {
  readonly table: TableDetails;
  readonly space: StateSpace;
  readonly onSpace: (space: StateSpace) => void;
  readonly onImport: () => void;
}

function Rows({ table, space, onSpace, onImport }: RowsProps) {
  const { columns } = table;
  const [drafts, setDrafts] = useState<readonly ConditionDraft[]>([]);
  const [sort, setSort] = useState<RowSort | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  // A column that was renamed or removed no longer sorts.
  const known = sort && columns.some(({ name }) => name === sort.column) ? sort : null;
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useTableRows(table.id, {
    space,
    filter: filterOf(columns, drafts),
    sort: known,
  });
  const rows = data?.pages.flatMap(({ items }) => items) ?? [];
  const chosen = rows.filter(({ id }) => selected.has(id));
  return (
    <>
      <div className={styles.tools}>
        <FilterBar columns={columns} drafts={drafts} onChange={setDrafts} />
        <DeleteRows table={table} space={space} rows={chosen} onDone={() => setSelected(new Set())} />
        <AddColumn table={table} />
      </div>
      <Summary table={table} space={space} shown={rows.length} hasMore={hasNextPage} isFiltered={drafts.length > 0} />
      {error && !data ? (
        <ErrorState title="Couldn’t load rows" error={error} retry={() => void refetch()} />
      ) : rows.length === 0 && data ? (
        <NoRows table={table} space={space} isFiltered={drafts.length > 0} onSpace={onSpace} onImport={onImport} />
      ) : (
        <Grid table={table} rows={rows} sort={known} onSort={setSort} selected={selected} onSelect={setSelected} />
      )}
      {hasNextPage && (
        <div className={styles.more}>
          <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

const rowWords = (count: number): string => (count === 1 ? '1 row' : `${formatNumber(count)} rows`);

interface SummaryProps {
  readonly table: TableDetails;
  readonly space: StateSpace;
  readonly shown: number;
  readonly hasMore: boolean;
  readonly isFiltered: boolean;
}

/** How many rows there are and are shown, what uses the table, and the button that deletes all rows. */
function Summary({ table, space, shown, hasMore, isFiltered }: SummaryProps) {
  const { rows, usedBy, keepDays } = table;
  return (
    <div className={styles.summary}>
      <p role="status">
        {isFiltered ? `${rowWords(shown)}${hasMore ? ' or more' : ''} of ${formatNumber(rows[space])}` : rowWords(rows[space])}
        {!isFiltered && hasMore && ` · the first ${formatNumber(shown)} are shown`}
        {usedBy.length > 0 && ` · used by ${usedBy.map(({ name }) => name).join(', ')}`}
        {keepDays !== null && ` · deleted ${keepDays === 1 ? '1 day' : `${keepDays} days`} after the last change`}
      </p>
      <ClearRows table={table} space={space} />
    </div>
  );
}

interface NoRowsProps extends RowsProps {
  readonly isFiltered: boolean;
}

const OTHER: Readonly<Record<StateSpace, StateSpace>> = { live: 'draft', draft: 'live' };

/** Says what belongs here, and where the rows are if there are others. */
function NoRows({ table, space, isFiltered, onSpace, onImport }: NoRowsProps) {
  if (isFiltered) return <EmptyState title="No rows match" text="Change or remove a filter." />;
  const other = OTHER[space];
  const action = (
    <div className={styles.empty}>
      {table.rows[other] > 0 && (
        <Button onClick={() => onSpace(other)}>
          Show {formatNumber(table.rows[other])} {other} {table.rows[other] === 1 ? 'row' : 'rows'}
        </Button>
      )}
      <Button leftSection={<IconUpload size={16} stroke={1.7} />} onClick={onImport}>
        Import CSV
      </Button>
    </div>
  );
  return space === 'live' ? (
    <EmptyState
      title="No rows yet"
      text="State nodes add rows in runs of published versions. You can also add them by hand, or import a CSV file."
      action={action}
    />
  ) : (
    <EmptyState title="No draft rows yet" text="Rows of draft and test runs appear here, separate from live ones." action={action} />
  );
}
