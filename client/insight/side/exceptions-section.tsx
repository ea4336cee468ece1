import type { ExceptionPathView } from '@switchyard/shared/contracts/insight/insight.ts';
import { ERRORS } from '@switchyard/shared/errors.ts';
import { Link } from '@tanstack/react-router';
import { type InsightQuery, useExceptions } from '../../api/insight/insight-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { PageLoading } from '../../frame/page-loading.tsx';
import { TimeAgo } from '../../ui/figures.tsx';
import { formatNumber, formatShare } from '../../ui/format.ts';
import { portWords } from '../common/words.ts';
import styles from './side.module.css';

const MOST = 5;

/** Why the last run took the path, in words. */
const lastWords = ({ last, port }: ExceptionPathView): string => (last.code ? ERRORS[last.code].title : portWords(port));

/** The last run: what it was about, if that is kept, and why it took the path. */
export const exampleWords = (path: ExceptionPathView): string => (path.last.excerpt ? `“${path.last.excerpt}” · ${lastWords(path)}` : lastWords(path));

/** The most frequent exception paths: node, port, count, last example. */
export function ExceptionsSection({ query, onAll }: { query: InsightQuery; onAll: () => void }) {
  const { data, error, refetch } = useExceptions(query);
  if (error) return <ErrorState title="Couldn’t load exception paths" error={error} retry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  const most = data.items[0]?.runs ?? 1;
  const sum = data.items.reduce((runs, path) => runs + path.runs, 0);
  return (
    <section className={styles.section} aria-label="Exception paths">
      <h2>
        Exception paths
        {sum > 0 && (
          <span>
            {formatNumber(sum)} times in {formatNumber(data.runs)} runs
          </span>
        )}
      </h2>
      {data.items.length === 0 && <p className={styles.empty}>No run took an error branch, a fallback, or another exception path.</p>}
      <ul className={styles.paths}>
        {data.items.slice(0, MOST).map((path) => (
          <li key={`${path.workflowId} ${path.nodeKey} ${path.port}`}>
            <p className={styles.pathHead}>
              <b title={path.workflowName}>{path.nodeTitle}</b> <PortTag port={path.port} />
              <span className={styles.count}>{formatNumber(path.runs)}</span>
            </p>
            <div className={styles.bar} data-port={path.port} style={{ width: `${Math.max(1, (path.runs / most) * 100)}%` }} />
            <p className={styles.example}>
              <span title={exampleWords(path)}>{exampleWords(path)}</span>
              <Link to="/runs/$id" params={{ id: path.last.runId }} aria-label={`Last run through ${path.nodeTitle}, ${path.port}`}>
                <TimeAgo at={path.last.at} />
              </Link>
            </p>
          </li>
        ))}
      </ul>
      {data.items.length > MOST && (
        <button type="button" className={styles.more} onClick={onAll}>
          {data.items.length - MOST === 1 ? '1 more path' : `${data.items.length - MOST} more paths`}
        </button>
      )}
    </section>
  );
}

export const PortTag = ({ port }: { port: string }) => (
  <code className={styles.port} data-port={port}>
    {port}
  </code>
);

/** A share of runs, or nothing without runs. */
export const shareOfRuns = (runs: number, of: number): string => (of === 0 ? '–' : formatShare(Math.min(1, runs / of)));
