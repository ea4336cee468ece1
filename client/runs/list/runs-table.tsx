import type { RunSummary } from '@switchyard/shared/contracts/runs.ts';
import type { TriggerKind } from '@switchyard/shared/run/events.ts';
import {
  type Icon,
  IconAlertTriangle,
  IconApi,
  IconArrowBarToRight,
  IconCalendarClock,
  IconFlask2,
  IconForms,
  IconGhost2,
  IconMessageChatbot,
  IconMessageCircle,
  IconPlayerPlay,
  IconPlayerTrackPrev,
  IconRefresh,
  IconSitemap,
  IconStack2,
  IconTestPipe,
  IconWebhook,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { queuedLabel } from '../../run-look/queued-label.ts';
import { shortId, TRIGGER_LABELS, versionLabel } from '../../run-look/run-labels.ts';
import { RunLabels } from '../../run-look/run-labels.tsx';
import { STATUS_LABELS } from '../../run-look/status-labels.ts';
import { StatusMark } from '../../run-look/status-mark.tsx';
import { CostSum, Duration, TimeAgo } from '../../ui/figures.tsx';
import { runExcerpt } from './run-excerpt.ts';
import styles from './runs-table.module.css';

interface RunsTableProps {
  readonly runs: readonly RunSummary[];
  readonly open: string | undefined;
  /** Runs selected to compare. */
  readonly selected: readonly string[];
  readonly onSelect: (id: string) => void;
}

/** The runs, newest first. The name opens a run on the canvas, the rest of the row beside the list. */
export function RunsTable({ runs, open, selected, onSelect }: RunsTableProps) {
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
          <Row key={run.id} run={run} open={run.id === open} selected={selected.includes(run.id)} onSelect={onSelect} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly run: RunSummary;
  readonly open: boolean;
  readonly selected: boolean;
  readonly onSelect: (id: string) => void;
}

function Row({ run, open, selected, onSelect }: RowProps) {
  const excerpt = run.queued ? queuedLabel(run.queued) : runExcerpt(run);
  return (
    <tr className={styles.row} data-open={open || undefined}>
      <td className={styles.status}>
        <div className={styles.first}>
          <input
            type="checkbox"
            className={styles.select}
            checked={selected}
            aria-label={`Select run ${shortId(run.id)} of ${run.workflowName} to compare`}
            onChange={() => onSelect(run.id)}
          />
          <Link
            from="/runs"
            to="/runs"
            search={({ compare: _, ...before }) => ({ ...before, run: run.id })}
            className={styles.beside}
            aria-current={open || undefined}
            aria-label={`${STATUS_LABELS[run.status]}: show ${run.workflowName} beside the list`}
          >
            <StatusMark status={run.status} />
          </Link>
        </div>
      </td>
      <td className={styles.workflow}>
        <div className={styles.what}>
          <Link to="/runs/$id" params={{ id: run.id }} className={styles.name} title={`Open ${run.workflowName} on the canvas`} dir="auto">
            {run.workflowName}
          </Link>
          {excerpt !== '' && (
            <span className={styles.excerpt} data-failed={run.status === 'failed' || undefined} title={excerpt} dir="auto">
              {excerpt}
            </span>
          )}
          <RunLabels labels={run.labels} quiet />
        </div>
      </td>
      <td>{versionLabel(run.version)}</td>
      <td>
        <TriggerMark trigger={run.trigger} />
      </td>
      <td className={styles.number}>{run.status === 'waiting' ? '–' : <Duration from={run.startedAt} to={run.endedAt} />}</td>
      <td className={styles.number}>
        <CostSum of={run} demo={run.demo} short />
      </td>
      <td className={styles.when}>
        <TimeAgo at={run.createdAt} />
      </td>
    </tr>
  );
}

const ICONS: Readonly<Record<TriggerKind, Icon>> = {
  webhook: IconWebhook,
  'test-webhook': IconFlask2,
  canvas: IconPlayerPlay,
  api: IconApi,
  openai: IconMessageChatbot,
  rerun: IconRefresh,
  workflow: IconSitemap,
  schedule: IconCalendarClock,
  'workflow-ended': IconArrowBarToRight,
  error: IconAlertTriangle,
  form: IconForms,
  chat: IconMessageCircle,
  queue: IconStack2,
  replay: IconPlayerTrackPrev,
  shadow: IconGhost2,
  experiment: IconTestPipe,
};

/** The trigger of a run, as icon and label. */
function TriggerMark({ trigger }: { trigger: TriggerKind }) {
  const TriggerIcon = ICONS[trigger];
  return (
    <span className={styles.mark}>
      <TriggerIcon size={16} stroke={1.6} aria-hidden />
      {TRIGGER_LABELS[trigger]}
    </span>
  );
}
