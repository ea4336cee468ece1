import { Button } from '@mantine/core';
import { cancelRun, type Run, rerunRun } from '@switchyard/shared/contracts/runs.ts';
import { isEnded, type RunStatus } from '@switchyard/shared/run/state.ts';
import { IconInbox, IconPlayerStop, IconPlayerTrackNext, IconRefresh, IconSitemap } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../../api/call.ts';
import { keys } from '../../api/keys.ts';
import { useOpenReview } from '../../live/review-queries.ts';
import { ButtonLink } from '../../ui/button-link.tsx';
import { showFailure } from '../../ui/toast.tsx';
import styles from './run-actions.module.css';

/** The actions on a run: rerun, rerun from a step, cancel, view on its graph. `step`: the selected or failed one. */
export function RunActions({ run, status, step }: { run: Run; status: RunStatus; step: string | undefined }) {
  const rerun = useRerun(run.id);
  const stop = useStop(run.id);
  const ended = isEnded(status);
  // Its input is gone once its values are removed.
  const canRerun = ended && run.payloadsRemovedAt == null;
  const asksForStep = canRerun && step !== undefined;
  const review = useOpenReview(run.id);
  return (
    <div className={styles.actions}>
      {!ended && review && (
        <ButtonLink variant="filled" to="/inbox" search={{ tab: 'all', task: review.id }} leftSection={<IconInbox size={16} stroke={1.7} />}>
          Open review
        </ButtonLink>
      )}
      {asksForStep && (
        <Button variant="filled" leftSection={<IconPlayerTrackNext size={16} stroke={1.7} />} loading={rerun.isPending} onClick={() => rerun.mutate(step)}>
          Rerun from this step
        </Button>
      )}
      {canRerun && (
        <Button leftSection={<IconRefresh size={16} stroke={1.7} />} loading={rerun.isPending} onClick={() => rerun.mutate(undefined)}>
          Rerun
        </Button>
      )}
      {!ended && (
        <Button leftSection={<IconPlayerStop size={16} stroke={1.7} />} loading={stop.isPending} onClick={() => stop.mutate()}>
          Cancel run
        </Button>
      )}
      <ButtonLink to="/runs/$id" params={{ id: run.id }} leftSection={<IconSitemap size={16} stroke={1.6} />}>
        View on canvas
      </ButtonLink>
    </div>
  );
}

/** Reruns a run and opens the new one. */
function useRerun(id: string) {
  const client = useQueryClient();
  const navigate = useNavigate({ from: '/runs' });
  return useMutation({
    mutationFn: (from: string | undefined) => call(rerunRun, { params: { id }, body: from === undefined ? {} : { from } }),
    onSuccess: (run) => {
      void client.invalidateQueries({ queryKey: keys.runs });
      return navigate({ search: (before) => ({ ...before, run: run.id }) });
    },
    onError: (thrown) => showFailure('Couldn’t rerun', thrown),
  });
}

function useStop(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(cancelRun, { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.run(id) }),
    onError: (thrown) => showFailure('Couldn’t cancel run', thrown),
  });
}
