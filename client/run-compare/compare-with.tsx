import { Button, Menu } from '@mantine/core';
import { IconArrowsDiff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useRuns } from '../api/queries.ts';
import { shortId, versionLabel } from '../run-look/run-labels.ts';
import { STATUS_LABELS } from '../run-look/status-labels.ts';
import { TimeAgo } from '../ui/figures.tsx';
import styles from './bill.module.css';

const MAX_OFFERED = 20;

/** Offers recent runs of the same workflow to compare with. */
export function CompareWith({ runId, workflowId }: { runId: string; workflowId: string }) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button leftSection={<IconArrowsDiff size={16} stroke={1.7} />}>Compare with…</Button>
      </Menu.Target>
      <Menu.Dropdown className={styles.offered}>
        <Offered runId={runId} workflowId={workflowId} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Offered({ runId, workflowId }: { runId: string; workflowId: string }) {
  const { data } = useRuns({ workflowId });
  const others = (data?.pages[0]?.items ?? []).filter(({ id }) => id !== runId).slice(0, MAX_OFFERED);
  if (data && others.length === 0) return <Menu.Label>No other runs of this workflow</Menu.Label>;
  return (
    <>
      <Menu.Label>Recent runs of this workflow</Menu.Label>
      {others.map((run) => (
        <Menu.Item key={run.id} renderRoot={(props) => <Link {...props} to="/runs" search={(before) => ({ ...before, run: runId, compare: run.id })} />}>
          {shortId(run.id)} · {STATUS_LABELS[run.status]} · {versionLabel(run.version)} · <TimeAgo at={run.createdAt} />
        </Menu.Item>
      ))}
    </>
  );
}
