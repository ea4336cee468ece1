import { ActionIcon, Tooltip } from '@mantine/core';
import { type Delivery, resendDelivery } from '@switchyard/shared/contracts/webhooks.ts';
import { IconSend2 } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { useDeliveries } from '../api/queries.ts';
import { TimeAgo } from '../ui/figures.tsx';
import { showDone, showFailure } from '../ui/toast.tsx';
import { outcomeWords } from './call-words.ts';
import classes from './webhook-panel.module.css';

const SHOWN = 10;

/** The last calls of both addresses, each with what came of it; one that started a run can be sent again. */
export function RecentCalls({ workflowId }: { workflowId: string }) {
  const { data, error } = useDeliveries(workflowId, SHOWN);
  return (
    <div>
      <div className={classes.labelLine}>
        <span id="recent-calls">Recent calls</span>
      </div>
      {error && !data && <p className={classes.failure}>The calls could not be loaded: {error.message}</p>}
      {data?.items.length === 0 && <p className={classes.explain}>No call yet. Each call is listed here with its answer, refused ones too.</p>}
      <ul className={classes.calls} aria-labelledby="recent-calls">
        {data?.items.map((delivery) => (
          <OneCall key={delivery.id} delivery={delivery} workflowId={workflowId} />
        ))}
      </ul>
    </div>
  );
}

function OneCall({ delivery, workflowId }: { delivery: Delivery; workflowId: string }) {
  const { status, runId, at } = delivery;
  return (
    <li className={classes.oneCall}>
      <span className={classes.answer} data-refused={(status ?? 0) >= 400 || undefined} data-open={status === null || undefined}>
        {status ?? '…'}
      </span>
      <span className={classes.callWords} title={outcomeWords(delivery)}>
        {runId === null ? (
          outcomeWords(delivery)
        ) : (
          <Link to="/runs" search={{ workflow: workflowId, run: runId }}>
            {outcomeWords(delivery)}
          </Link>
        )}
      </span>
      <TimeAgo at={at} />
      {runId !== null && <Resend delivery={delivery} workflowId={workflowId} />}
    </li>
  );
}

function Resend({ delivery, workflowId }: { delivery: Delivery; workflowId: string }) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const resend = async () => {
    setBusy(true);
    try {
      await call(resendDelivery, { params: { id: workflowId, deliveryId: delivery.id } });
      showDone('The call was sent again');
      await queries.invalidateQueries({ queryKey: keys.deliveries(workflowId) });
    } catch (thrown) {
      showFailure('The call was not sent again', thrown);
    }
    setBusy(false);
  };
  return (
    <Tooltip label="Send again">
      <ActionIcon size={26} loading={busy} aria-label="Send this call again" onClick={() => void resend()}>
        <IconSend2 size={15} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}
