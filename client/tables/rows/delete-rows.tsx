import { Button } from '@mantine/core';
import type { StoredRow, TableDetails } from '@switchyard/shared/contracts/state/tables.ts';
import type { StateSpace } from '@switchyard/shared/run/state-change.ts';
import { MOST_ROWS_AT_ONCE } from '@switchyard/shared/tables/table.ts';
import { IconTrash } from '@tabler/icons-react';
import { importRows, useDeleteRows, useReloadTables } from '../../api/state/table-queries.ts';
import { formatNumber } from '../../ui/format.ts';
import { showFailure, showUndo } from '../../ui/toast.tsx';

interface DeleteProps {
  readonly table: TableDetails;
  readonly space: StateSpace;
  readonly rows: readonly StoredRow[];
  readonly onDone: () => void;
}

/** Deletes the selected rows. Undoing it adds them again. */
export function DeleteRows({ table: { id }, space, rows, onDone }: DeleteProps) {
  const remove = useDeleteRows(id);
  const reload = useReloadTables();
  if (rows.length === 0) return null;
  const gone = rows.slice(0, MOST_ROWS_AT_ONCE);
  const words = gone.length === 1 ? '1 row' : `${formatNumber(gone.length)} rows`;
  const undo = () => {
    const again = { space, rows: gone.map(({ cells }, index) => ({ line: index + 1, cells })) };
    importRows(id, again, new AbortController().signal)
      .catch((error: unknown) => showFailure('Couldn’t restore rows', error))
      .finally(reload);
  };
  return (
    <Button
      size="xs"
      color="red"
      leftSection={<IconTrash size={14} />}
      loading={remove.isPending}
      onClick={() =>
        remove.mutate(
          gone.map((row) => row.id),
          {
            onSuccess: () => {
              onDone();
              showUndo(`${words} deleted`, undo);
            },
            onError: (error) => showFailure('Couldn’t delete rows', error),
          },
        )
      }
    >
      Delete {words}
    </Button>
  );
}
