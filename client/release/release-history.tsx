import type { ReleaseEvent, WorkflowRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { IconArrowBackUp, IconArrowUpRight, IconGhost2, IconSettings } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { actorLabel } from '../run-look/actor-label.ts';
import { TimeAgo } from '../ui/figures.tsx';
import { BandChart } from './band-chart.tsx';
import styles from './release-history.module.css';
import { eventTitle, MEASURE_TITLES, percent, points } from './words.ts';

/** What happened, newest first. A rollback shows the figures that decided. */
export function ReleaseHistory({ release: { workflowId, history } }: { release: WorkflowRelease }) {
  return (
    <section aria-label="History">
      <h2 className={styles.title}>History</h2>
      {history.length === 0 && <p className={styles.quiet}>Changes to what is live appear here.</p>}
      <ol className={styles.list}>
        {history.map((event) => (
          <li key={event.id} data-back={event.action === 'rollback' || undefined}>
            <i aria-hidden>
              <Mark action={event.action} />
            </i>
            <div className={styles.head}>
              <b>{eventTitle(event)}</b>
              <TimeAgo at={event.at} />
            </div>
            {event.decided ? (
              <Decision workflowId={workflowId} event={event} decided={event.decided} />
            ) : (
              <p className={styles.quiet}>
                by {actorLabel(event.actor)}
                {event.reason !== null && ` · “${event.reason}”`}
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Mark({ action }: { action: string }) {
  if (action === 'rollback') return <IconArrowBackUp size={14} stroke={1.8} />;
  if (action === 'shadow') return <IconGhost2 size={14} stroke={1.8} />;
  return action === 'settings' ? <IconSettings size={14} stroke={1.8} /> : <IconArrowUpRight size={14} stroke={1.8} />;
}

function Decision({
  workflowId,
  event: { before, notice },
  decided,
}: {
  workflowId: string;
  event: ReleaseEvent;
  decided: NonNullable<ReleaseEvent['decided']>;
}) {
  const [stable, canary] = before;
  if (!stable || !canary) return null;
  const { measure, canary: side, difference, lower, margin } = decided;
  const title = MEASURE_TITLES[measure](`v${stable.version}`);
  const figures = `${percent(side.mean)} against ${percent(decided.stable.mean)} on v${stable.version}`;
  return (
    <>
      <p className={styles.quiet}>
        It was at {canary.weight}%. <b>{title}</b>: {figures}.
      </p>
      <div className={styles.chart}>
        <BandChart figures={decided} failed label={`${title}: ${figures}`} />
      </div>
      <p className={styles.quiet}>
        {points(difference ?? 0)} pt, at least {points(lower)}, margin {points(margin)}. Decided after {side.runs} runs. {noticeWords(notice)}
      </p>
      <p className={styles.links}>
        <Link
          to="/runs"
          search={{ workflow: workflowId, version: String(canary.version), period: 'all', ...(measure === 'failures' && { status: 'failed' as const }) }}
        >
          {measure === 'failures' ? 'Failed runs' : 'Runs'} of v{canary.version}
        </Link>
      </p>
    </>
  );
}

function noticeWords(notice: ReleaseEvent['notice']): string {
  if (notice === null) return 'No message sent: the workflow’s alerts have no channel.';
  if (notice.sentAt !== null) return `Message sent by ${notice.channel}.`;
  return `The message by ${notice.channel} wasn’t delivered: ${notice.error ?? 'unknown error'}`;
}
