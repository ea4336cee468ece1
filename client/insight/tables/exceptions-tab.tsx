import { Button, Switch } from '@mantine/core';
import type { ExceptionPathView } from '@switchyard/shared/contracts/insight/insight.ts';
import { IconDownload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { exceptionsCsvUrl, type InsightQuery, useExceptions } from '../../api/insight/insight-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { PageLoading } from '../../frame/page-loading.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TimeAgo } from '../../ui/figures.tsx';
import { formatNumber } from '../../ui/format.ts';
import { exampleWords, PortTag, shareOfRuns } from '../side/exceptions-section.tsx';
import styles from './tables.module.css';

const HANDLED: Readonly<Record<ExceptionPathView['handledBy'], string>> = {
  nothing: 'Nothing',
  person: 'A person',
  automation: 'Automation',
  removed: 'Not in the live version',
};

/** All exception paths, and what handles them in the live version. */
export function ExceptionsTab({ query }: { query: InsightQuery }) {
  const [all, setAll] = useState(true);
  const { data, error, refetch } = useExceptions(query);
  if (error) return <ErrorState title="Couldn’t load exception paths" error={error} retry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  const items = data.items.filter(({ handledBy }) => all || handledBy === 'nothing' || handledBy === 'person');
  return (
    <div className={styles.whole}>
      <div className={styles.head}>
        <Switch label="Only paths without automation" checked={!all} onChange={(event) => setAll(!event.currentTarget.checked)} />
        <Link to="/evaluate/corrections">Cases that reviewers called different</Link>
        <div className={styles.space} />
        <Button component="a" href={exceptionsCsvUrl(query)} download leftSection={<IconDownload size={16} stroke={1.7} />}>
          Export CSV
        </Button>
      </div>
      {items.length === 0 ? (
        <EmptyState
          title={all ? 'No exception paths in this range' : 'Every path is automated'}
          text="Error branches, fallbacks, limits, and unsure results appear here with their last example."
        />
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th>Node</th>
                <th data-left>Path</th>
                <th>Runs</th>
                <th>Share</th>
                <th data-left>Handled by</th>
                <th data-left>Last example</th>
                <th>When</th>
              </tr>
            </thead>
            <tbody>
              {items.map((path) => (
                <tr key={`${path.workflowId} ${path.nodeKey} ${path.port}`}>
                  <th scope="row">
                    {path.nodeTitle} <span>{path.workflowName}</span>
                  </th>
                  <td data-left>
                    <PortTag port={path.port} />
                  </td>
                  <td>{formatNumber(path.runs)}</td>
                  <td>{shareOfRuns(path.runs, data.runs)}</td>
                  <td data-left>{HANDLED[path.handledBy]}</td>
                  <td data-left className={styles.example} title={exampleWords(path)}>
                    {exampleWords(path)}
                  </td>
                  <td>
                    <Link to="/runs/$id" params={{ id: path.last.runId }}>
                      <TimeAgo at={path.last.at} />
                    </Link>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
