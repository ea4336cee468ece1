import { Checkbox } from '@mantine/core';
import type { StoredRow, TableDetails } from '@switchyard/shared/contracts/state/tables.ts';
import type { RowSort } from '@switchyard/shared/tables/row-filter.ts';
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useUpdateRow } from '../../api/state/table-queries.ts';
import { TimeAgo } from '../../ui/figures.tsx';
import { showFailure } from '../../ui/toast.tsx';
import { ColumnMenu } from '../columns/column-menu.tsx';
import { Cell } from './cell.tsx';
import { shownCell } from './cell-text.ts';
import styles from './grid.module.css';
import { type GridPlace, placeAfter } from './grid-keys.ts';

interface GridProps {
  readonly table: TableDetails;
  readonly rows: readonly StoredRow[];
  readonly sort: RowSort | null;
  readonly onSort: (sort: RowSort) => void;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
}

interface Editing extends GridPlace {
  readonly text: string;
}

/** The rows of a table. Arrow keys move between cells, and each can be edited in place. */
export function Grid({ table, rows, sort, onSort, selected, onSelect }: GridProps) {
  const { columns } = table;
  const update = useUpdateRow(table.id);
  const body = useRef<HTMLTableSectionElement>(null);
  const [current, setCurrent] = useState<GridPlace>({ row: 0, column: 0 });
  const [editing, setEditing] = useState<Editing>();
  const size = { rows: rows.length, columns: columns.length };
  const at: GridPlace = { row: Math.min(current.row, size.rows - 1), column: Math.min(current.column, size.columns - 1) };
  const focus = ({ row, column }: GridPlace) => body.current?.rows[row]?.querySelectorAll<HTMLElement>('td[data-type]')[column]?.focus();

  const onKeyDown = (event: KeyboardEvent) => {
    const [row, column] = [rows[at.row], columns[at.column]];
    if (!(event.target instanceof HTMLElement) || event.target.dataset.type === undefined || !row || !column) return;
    const next = placeAfter(event, at, size);
    const isText = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (next) focus(next);
    else if (event.key === 'Enter' || event.key === 'F2') setEditing({ ...at, text: shownCell(column, row.cells[column.name]) });
    else if (event.key === 'Delete' || event.key === 'Backspace') change(row, column.name, null);
    else if (event.key === ' ' && column.type === 'boolean') change(row, column.name, row.cells[column.name] !== true);
    else if (isText) setEditing({ ...at, text: event.key });
    else return;
    event.preventDefault();
  };
  const change = (row: StoredRow, name: string, value: unknown) =>
    update.mutate({ row: row.id, cells: { [name]: value } }, { onError: (error) => showFailure('Couldn’t change cell', error) });

  const isAll = rows.length > 0 && rows.every(({ id }) => selected.has(id));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.scroll} aria-label={`Rows of ${table.name}`} tabIndex={0}>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the native table has no cells that arrow keys reach */}
      <table role="grid" aria-label={table.name} aria-rowcount={rows.length + 1} className={styles.grid}>
        <thead>
          <tr>
            <th scope="col" className={styles.check}>
              <Checkbox
                aria-label="Select all shown rows"
                checked={isAll}
                indeterminate={!isAll && selected.size > 0}
                onChange={() => onSelect(new Set(isAll ? [] : rows.map(({ id }) => id)))}
              />
            </th>
            {columns.map((column) => {
              const sorted = sort?.column === column.name ? (sort.descending ? 'descending' : 'ascending') : undefined;
              return (
                <th key={column.id} scope="col" data-type={column.type} aria-sort={sorted ?? 'none'}>
                  <ColumnMenu table={table} column={column} sorted={sorted} onSort={(descending) => onSort({ column: column.name, descending })} />
                </th>
              );
            })}
            <th scope="col" className={styles.changed}>
              Changed
            </th>
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKeyDown}>
          {rows.map((row, index) => (
            <tr key={row.id} aria-selected={selected.has(row.id)}>
              <td className={styles.check}>
                <Checkbox aria-label={`Select row ${index + 1}`} checked={selected.has(row.id)} onChange={() => onSelect(toggled(selected, row.id))} />
              </td>
              {columns.map((column, number) => {
                const place = { row: index, column: number };
                const isHere = (other: GridPlace | undefined) => other?.row === index && other.column === number;
                return (
                  <Cell
                    key={column.id}
                    column={column}
                    value={row.cells[column.name]}
                    isCurrent={isHere(at)}
                    editing={isHere(editing) ? editing?.text : undefined}
                    onFocus={() => setCurrent(place)}
                    onEdit={(text) => setEditing({ ...place, text })}
                    onDone={({ move, ...done }) => {
                      setEditing(undefined);
                      if ('value' in done) change(row, column.name, done.value);
                      requestAnimationFrame(() => focus(afterEdit(place, move, size)));
                    }}
                  />
                );
              })}
              <td className={styles.changed}>
                <TimeAgo at={row.updatedAt} />
                {row.runId !== null && (
                  <>
                    {' by a '}
                    <Link to="/runs/$id" params={{ id: row.runId }}>
                      run
                    </Link>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const toggled = (ids: ReadonlySet<string>, id: string): ReadonlySet<string> =>
  ids.has(id) ? new Set([...ids].filter((one) => one !== id)) : new Set([...ids, id]);

const ARROWS = { down: 'ArrowDown', right: 'ArrowRight', left: 'ArrowLeft' } as const;

const afterEdit = (place: GridPlace, move: keyof typeof ARROWS | undefined, size: Parameters<typeof placeAfter>[2]): GridPlace =>
  (move && placeAfter({ key: ARROWS[move], ctrlKey: false, metaKey: false }, place, size)) ?? place;
