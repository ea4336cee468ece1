import { type InsightQuery, useReviewerFigures } from '../../api/insight/insight-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { PageLoading } from '../../frame/page-loading.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TimeAgo } from '../../ui/figures.tsx';
import { formatDuration, formatNumber } from '../../ui/format.ts';
import { reviewerName } from '../side/reviewers-section.tsx';
import { ShareCell } from './quality-tab.tsx';
import styles from './tables.module.css';

/** Everyone who decides reviews, with their backlog. */
export function PeopleTab({ query }: { query: InsightQuery }) {
  const { data, error, refetch } = useReviewerFigures(query);
  if (error) return <ErrorState title="Couldn’t load reviewers" error={error} retry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  if (data.items.length === 0)
    return <EmptyState title="No reviews in this range" text="Reviewers appear here with their backlog and how long they take to decide." />;
  const time = (ms: number | null): string => (ms === null ? '–' : formatDuration(ms));
  return (
    <div className={styles.whole}>
      <div className={styles.head}>
        <p>Backlogs are current, by assignee. Time to decide starts when a review opens.</p>
      </div>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th>Reviewer</th>
              <th>Waiting</th>
              <th>Oldest</th>
              <th>Decided</th>
              <th>Corrected</th>
              <th>Overridden</th>
              <th>Median time to decide</th>
              <th>95%</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map(({ name, waiting, oldestAt, decided, correction, override, p50, p95 }) => (
              <tr key={name ?? 'no one'}>
                <th scope="row">{reviewerName(name)}</th>
                <td>{formatNumber(waiting)}</td>
                <td>{oldestAt === null ? '–' : <TimeAgo at={oldestAt} />}</td>
                <td>{formatNumber(decided)}</td>
                <ShareCell share={correction} />
                <ShareCell share={override} />
                <td>{time(p50)}</td>
                <td>{time(p95)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
