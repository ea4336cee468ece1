import type { StateSpace } from '@switchyard/shared/run/state-change.ts';
import { useClearState } from '../api/state/state-queries.ts';
import { ConfirmButton } from '../ui/confirm/confirm-button.tsx';
import { formatNumber } from '../ui/format.ts';
import { showDone, showFailure } from '../ui/toast.tsx';
import styles from './state-page.module.css';

const QUESTIONS: Readonly<Record<StateSpace, string>> = {
  live: 'Deletes all live values, and “Seen before” nodes forget what they saw. Runs in progress are affected. This can’t be undone.',
  draft: 'Deletes all values of draft and test runs, and “Seen before” nodes forget what those saw. Live values stay.',
};

/** How much is stored, and the button that deletes all of it. */
export function ClearState({ workflowId, space, keys, seen }: { workflowId: string; space: StateSpace; keys: number; seen: number }) {
  const clear = useClearState(workflowId);
  return (
    <div className={styles.summary}>
      <p>
        {keys === 1 ? '1 key' : `${formatNumber(keys)} keys`}
        {seen > 0 && ` · “Seen before” remembers ${formatNumber(seen)}${seen >= 10_000 ? ' or more' : ''}`}
      </p>
      <ConfirmButton
        label={space === 'live' ? 'Clear live values' : 'Clear draft values'}
        question={QUESTIONS[space]}
        busy={clear.isPending}
        disabled={keys + seen === 0}
        onConfirm={() =>
          clear.mutate({ space }, { onSuccess: () => showDone('Values cleared'), onError: (error) => showFailure('Couldn’t clear values', error) })
        }
      >
        Clear
      </ConfirmButton>
    </div>
  );
}
