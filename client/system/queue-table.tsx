import { Link } from '@tanstack/react-router';
import { useQueue } from '../api/system-queries.ts';
import { TimeAgo } from '../ui/figures.tsx';
import { messageOf } from '../ui/message-of.ts';
import { countOf, type QueueItem, totalWords } from './queue-words.ts';
import styles from './system-page.module.css';

/** Lists workflows with queued or driven runs, or with limits. */
export function QueueTable() {
  const { data, error } = useQueue();
  if (!data) return <p className={styles.calm}>{error ? `Couldn’t load queues. ${messageOf(error)}` : 'Loading…'}</p>;
  if (data.items.length === 0) return <p className={styles.calm}>No runs are queued or driven, and no workflow has limits.</p>;
  return (
    <>
      <div className={styles.frame}>
        <table className={styles.table}>
          <caption className="visually-hidden">Queues, longest first</caption>
          <thead>
            <tr>
              <th scope="col">Workflow</th>
              <th scope="col" className={styles.wide}>
                Priority
              </th>
              <th scope="col">Queued</th>
              <th scope="col">Driven</th>
              <th scope="col">Oldest</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((item) => (
              <QueueRow key={item.workflowId} item={item} />
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.total}>{totalWords(data)}</p>
    </>
  );
}

const PRIORITY_LABELS: Readonly<Record<QueueItem['priority'], string>> = { high: 'High', normal: 'Normal', low: 'Low' };

function QueueRow({ item }: { item: QueueItem }) {
  const { workflowId, workflowName, queued, queueLimit, running, concurrency, priority, oldestQueuedAt } = item;
  return (
    <tr>
      <th scope="row">
        <Link to="/runs" search={{ status: 'queued', workflow: workflowId, period: 'all' }} className={styles.workflow} dir="auto">
          {workflowName}
        </Link>
        <span className={styles.narrow}>{PRIORITY_LABELS[priority]} priority</span>
      </th>
      <td className={styles.wide}>{PRIORITY_LABELS[priority]}</td>
      <td>{countOf(queued, queueLimit)}</td>
      <td>{countOf(running, concurrency)}</td>
      <td>{oldestQueuedAt === null ? '–' : <TimeAgo at={oldestQueuedAt} />}</td>
    </tr>
  );
}
