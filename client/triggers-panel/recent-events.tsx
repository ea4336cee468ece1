import { ActionIcon, Tooltip } from '@mantine/core';
import { listTriggerDeliveries, resendTriggerDelivery, type Trigger, type TriggerDelivery } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { ERRORS } from '@switchyard/shared/errors.ts';
import { IconSend2 } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { TimeAgo } from '../ui/figures.tsx';
import { showDone, showFailure } from '../ui/toast.tsx';
import styles from './recent-events.module.css';

const SHOWN = 5;
const REFETCH_MS = 5_000;

/** When a trigger fired last, and what became of that. What started a run can start another one. */
export function RecentEvents({ trigger: { id, workflowId } }: { trigger: Trigger }) {
  const { data } = useQuery({
    queryKey: keys.triggerDeliveries(workflowId, id),
    queryFn: ({ signal }) => call(listTriggerDeliveries, { params: { id }, query: { limit: SHOWN }, signal }),
    refetchInterval: REFETCH_MS,
  });
  if (!data || data.items.length === 0) return null;
  return (
    <div>
      <h3 className={styles.label}>Recent events</h3>
      <ul className={styles.events} aria-label="Recent events">
        {data.items.map((delivery) => (
          <Event key={delivery.id} delivery={delivery} workflowId={workflowId} />
        ))}
      </ul>
    </div>
  );
}

function Event({ delivery, workflowId }: { delivery: TriggerDelivery; workflowId: string }) {
  const { runId, at, outcome } = delivery;
  const words = wordsOf(delivery);
  return (
    <li>
      <span className={styles.words} data-rejected={outcome === 'rejected' || undefined} title={words}>
        {runId === null ? (
          words
        ) : (
          <Link to="/runs" search={{ workflow: workflowId, run: runId }}>
            {words}
          </Link>
        )}
      </span>
      <TimeAgo at={at} />
      {(runId !== null || delivery.dueAt !== null) && <Resend delivery={delivery} workflowId={workflowId} />}
    </li>
  );
}

function Resend({ delivery: { id, triggerId, runId }, workflowId }: { delivery: TriggerDelivery; workflowId: string }) {
  const queries = useQueryClient();
  const resend = useMutation({
    mutationFn: () => call(resendTriggerDelivery, { params: { id } }),
    onSuccess: () => {
      showDone('Run started');
      return queries.invalidateQueries({ queryKey: keys.triggerDeliveries(workflowId, triggerId) });
    },
    onError: (thrown) => showFailure('Couldn’t start run', thrown),
  });
  const label = runId === null ? 'Run it now' : 'Rerun with the same input';
  return (
    <Tooltip label={label}>
      <ActionIcon size={26} loading={resend.isPending} aria-label={label} onClick={() => resend.mutate()}>
        <IconSend2 size={15} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}

function wordsOf({ id, triggerId, outcome, code, count }: TriggerDelivery): string {
  if (outcome === 'started') return 'Started a run';
  const why = code !== null && code in ERRORS ? ERRORS[code as keyof typeof ERRORS].title : code === 'missed' ? 'missed' : 'the previous run was running';
  if (outcome === 'skipped') return `Skipped${count > 1 ? ` ${count} due times` : ''}: ${why}`;
  // The ID of a message of a queue, to find it there.
  const message = id.slice(triggerId.length + 1);
  return `Rejected: ${why}${/^\d+-\d+$/.test(message) ? ` (message ${message})` : ''}`;
}
