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
import { outcomeLabel } from './request-labels.ts';
import classes from './webhook-panel.module.css';

const SHOWN = 10;

/** Recent requests to both URLs, each with its response. One that started a run can be resent. */
export function RecentRequests({ workflowId }: { workflowId: string }) {
  const { data, error } = useDeliveries(workflowId, SHOWN);
  return (
    <div>
      <div className={classes.labelLine}>
        <span id="recent-calls">Recent requests</span>
      </div>
      {error && !data && <p className={classes.failure}>Couldn’t load requests: {error.message}</p>}
      {data?.items.length === 0 && <p className={classes.explain}>No requests yet. Requests and their responses appear here, including rejected ones.</p>}
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
      <span className={classes.outcome} title={outcomeLabel(delivery)}>
        {runId === null ? (
          outcomeLabel(delivery)
        ) : (
          <Link to="/runs" search={{ workflow: workflowId, run: runId }}>
            {outcomeLabel(delivery)}
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
      showDone('Request resent');
      await queries.invalidateQueries({ queryKey: keys.deliveries(workflowId) });
    } catch (thrown) {
      showFailure('Couldn’t resend request', thrown);
    }
    setBusy(false);
  };
  return (
    <Tooltip label="Resend">
      <ActionIcon size={26} loading={busy} aria-label="Resend this request" onClick={() => void resend()}>
        <IconSend2 size={15} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}
