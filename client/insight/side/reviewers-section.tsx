import { type InsightQuery, useReviewerFigures } from '../../api/insight/insight-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { PageLoading } from '../../frame/page-loading.tsx';
import { useSlowNow } from '../../ui/clock.ts';
import { formatDuration, formatNumber } from '../../ui/format.ts';
import styles from './side.module.css';

const MOST = 5;
const MOST_DOTS = 5;

export const reviewerName = (name: string | null): string => (name === null ? 'Not assigned' : name === '' ? 'Unknown' : name);

/** Who decides reviews: what waits, since when, and how long a decision takes. */
export function ReviewersSection({ query, onAll }: { query: InsightQuery; onAll: () => void }) {
  const { data, error, refetch } = useReviewerFigures(query);
  const now = useSlowNow();
  if (error) return <ErrorState title="Couldn’t load reviewers" error={error} retry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  const slowest = Math.max(1, ...data.items.map(({ p50 }) => p50 ?? 0));
  const age = (at: string): string => formatDuration(now - Date.parse(at));
  return (
    <section className={styles.section} aria-label="Reviewers">
      <h2>
        Reviewers
        <span>
          {data.waiting === 0 ? 'none waiting' : `${formatNumber(data.waiting)} waiting${data.oldestAt === null ? '' : `, oldest ${age(data.oldestAt)}`}`}
        </span>
      </h2>
      {data.items.length === 0 ? (
        <p className={styles.empty}>No reviews opened or decided in this range.</p>
      ) : (
        <table className={styles.reviewers}>
          <thead className="visually-hidden">
            <tr>
              <th>Name</th>
              <th>Waiting, oldest</th>
              <th>Median time to decide</th>
            </tr>
          </thead>
          <tbody>
            {data.items.slice(0, MOST).map(({ name, waiting, oldestAt, p50 }) => (
              <tr key={name ?? 'no one'}>
                <th scope="row" title={reviewerName(name)}>
                  {reviewerName(name)}
                </th>
                <td>
                  <span className={styles.dots} aria-hidden>
                    {'•'.repeat(Math.min(MOST_DOTS, waiting))}
                  </span>{' '}
                  {waiting > 0 && (
                    <span title={`${waiting} waiting`}>
                      {waiting > MOST_DOTS && `${formatNumber(waiting)}, `}
                      {oldestAt !== null && age(oldestAt)}
                    </span>
                  )}
                </td>
                <td>
                  {p50 !== null && <span className={styles.pace} style={{ width: `${Math.max(2, (p50 / slowest) * 64)}px` }} aria-hidden />}
                  <b>{p50 === null ? '–' : formatDuration(p50)}</b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {data.items.length > MOST && (
        <button type="button" className={styles.more} onClick={onAll}>
          {data.items.length - MOST === 1 ? '1 more person' : `${data.items.length - MOST} more people`}
        </button>
      )}
    </section>
  );
}
