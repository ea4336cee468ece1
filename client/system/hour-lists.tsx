import type { Refused, Slow, SystemProcess } from '@switchyard/shared/contracts/system.ts';
import { Link } from '@tanstack/react-router';
import { TimeAgo } from '../ui/figures.tsx';
import { formatDuration, formatNumber } from '../ui/format.ts';
import { processName, SLOW_LABELS, slowWords } from './system-labels.ts';
import styles from './system-page.module.css';

/** Rejected requests of the last hour by reason. */
export function RejectedList({ refused }: { refused: readonly Refused[] }) {
  if (refused.length === 0) return <p className={styles.calm}>No requests were rejected in the last hour.</p>;
  return (
    <ul className={styles.list} aria-label="Rejected in the last hour">
      {refused.map(({ code, title, count, lastAt }) => (
        <li key={code} className={styles.row}>
          <span className={styles.figure}>{formatNumber(count)}×</span>
          <span className={styles.what}>
            {title} <code className={styles.about}>{code}</code>
          </span>
          <span className={styles.about}>
            last <TimeAgo at={lastAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What took longest in the last hour. */
export function SlowList({ slow, processes }: { slow: readonly Slow[]; processes: readonly SystemProcess[] }) {
  if (slow.length === 0) return <p className={styles.calm}>Nothing was slow in the last hour.</p>;
  const names = new Map(processes.map((process) => [process.id, processName(process)]));
  return (
    <ul className={styles.list} aria-label="Slow in the last hour">
      {slow.map((work) => (
        <li key={`${work.kind} ${work.processId} ${work.at} ${work.what}`} className={styles.row}>
          <span className={styles.figure}>{formatDuration(work.ms)}</span>
          <span className={styles.what}>
            {SLOW_LABELS[work.kind]} <SlowSubject work={work} />
          </span>
          <span className={styles.about}>
            {processes.length > 1 && names.has(work.processId) && <>{names.get(work.processId)}, </>}
            <TimeAgo at={work.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function SlowSubject({ work }: { work: Slow }) {
  const words = slowWords(work);
  return (
    <>
      {work.kind === 'event-loop' ? words : <code className={styles.about}>{words}</code>}{' '}
      {work.runId !== null && (
        <Link to="/runs/$id" params={{ id: work.runId }} className={styles.link}>
          Open run
        </Link>
      )}
    </>
  );
}
