import type { RunSummary } from '@switchyard/shared/contracts/runs.ts';
import { Link, useNavigate } from '@tanstack/react-router';
import { Cost } from '../ui/cost.tsx';
import { Duration } from '../ui/duration.tsx';
import { versionWords } from '../ui/run-words.ts';
import { StatusMark } from '../ui/status-mark.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { TriggerMark } from '../ui/trigger-mark.tsx';
import { RunLabels } from './run-labels.tsx';
import styles from './runs-table.module.css';

/** The runs, newest first. The whole row opens its run beside the list; a double click opens it on the canvas. */
export function RunsTable({ runs, open }: { runs: readonly RunSummary[]; open: string | undefined }) {
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">Runs, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Workflow</th>
          <th scope="col">Version</th>
          <th scope="col">Trigger</th>
          <th scope="col" className={styles.number}>
            Duration
          </th>
          <th scope="col" className={styles.number}>
            Cost
          </th>
          <th scope="col" className={styles.number}>
            When
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <Row key={run.id} run={run} open={run.id === open} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ run, open }: { run: RunSummary; open: boolean }) {
  const navigate = useNavigate();
  return (
    <tr className={styles.row} data-open={open || undefined} onDoubleClick={() => navigate({ to: '/runs/$id', params: { id: run.id } })}>
      <td className={styles.status}>
        <StatusMark status={run.status} />
      </td>
      <td className={styles.workflow}>
        <Link from="/runs" to="/runs" search={(before) => ({ ...before, run: run.id })} className={styles.link} aria-current={open || undefined}>
          {run.workflowName}
        </Link>
        <RunLabels labels={run.labels} quiet />
      </td>
      <td>{versionWords(run.version)}</td>
      <td>
        <TriggerMark trigger={run.trigger} />
      </td>
      <td className={styles.number}>{run.status === 'waiting' ? '–' : <Duration from={run.startedAt} to={run.endedAt} />}</td>
      <td className={styles.number}>
        <Cost micros={run.costMicros} demo={run.demo} short />
      </td>
      <td className={styles.when}>
        <TimeAgo at={run.createdAt} />
      </td>
    </tr>
  );
}
