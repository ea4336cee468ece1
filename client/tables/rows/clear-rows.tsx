import type { TableDetails } from '@switchyard/shared/contracts/state/tables.ts';
import type { StateSpace } from '@switchyard/shared/run/state-change.ts';
import { useClearTable } from '../../api/state/table-queries.ts';
import { ConfirmButton } from '../../ui/confirm/confirm-button.tsx';
import { showDone, showFailure } from '../../ui/toast.tsx';

const QUESTIONS: Readonly<Record<StateSpace, string>> = {
  live: 'Deletes all live rows of this table. Runs in progress are affected. This can’t be undone.',
  draft: 'Deletes all rows of draft and test runs. Live rows stay.',
};

/** Deletes all rows of a space. */
export function ClearRows({ table: { id, rows }, space }: { table: TableDetails; space: StateSpace }) {
  const clear = useClearTable(id);
  return (
    <ConfirmButton
      size="xs"
      label={space === 'live' ? 'Clear live rows' : 'Clear draft rows'}
      question={QUESTIONS[space]}
      busy={clear.isPending}
      disabled={rows[space] === 0}
      onConfirm={() => clear.mutate(space, { onSuccess: () => showDone('Rows cleared'), onError: (error) => showFailure('Couldn’t clear rows', error) })}
    >
      Clear
    </ConfirmButton>
  );
}
