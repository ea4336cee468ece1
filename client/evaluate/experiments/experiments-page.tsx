import { Button, Skeleton } from '@mantine/core';
import type { Experiment } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { isRunning, useExperiments } from '../../api/evaluation/experiment-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { TopBar } from '../../frame/top-bar.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TimeAgo } from '../../ui/figures.tsx';
import { formatNumber } from '../../ui/format.ts';
import { EvaluateTabs } from '../evaluate-tabs.tsx';
import { itemWords, percent, STATUS_WORDS, spentWords } from './common/words.ts';
import styles from './experiments-page.module.css';
import { NewExperiment } from './new/new-experiment.tsx';

/** The experiments of the workspace, newest first. */
export function ExperimentsPage() {
  const [isAdding, setAdding] = useState(false);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useExperiments();
  const all = data?.pages.flatMap(({ items }) => items) ?? [];
  const add = (
    <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.8} />} onClick={() => setAdding(true)}>
      New experiment
    </Button>
  );
  return (
    <>
      <TopBar title="Evaluate" state={<EvaluateTabs />} actions={add} />
      <div className={styles.page}>
        {error && !data && <ErrorState title="Couldn’t load experiments" error={error} retry={() => void refetch()} />}
        {!data && !error && (
          <div role="status" aria-label="Loading experiments">
            <Skeleton height={14} width="40%" />
          </div>
        )}
        {data && all.length === 0 && (
          <EmptyState
            title="No experiments yet"
            text="An experiment runs a workflow, prompt, or route on the items of a dataset and grades the outputs. Run two to see which is better."
            action={add}
          />
        )}
        {all.length > 0 && (
          <ul className={styles.list} aria-label="Experiments">
            {all.map((experiment) => (
              <ExperimentLine key={experiment.id} experiment={experiment} />
            ))}
          </ul>
        )}
        {hasNextPage && (
          <div className={styles.more}>
            <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              Show more
            </Button>
          </div>
        )}
      </div>
      {isAdding && <NewExperiment latest={all} onClose={() => setAdding(false)} />}
    </>
  );
}

function ExperimentLine({ experiment }: { experiment: Experiment }) {
  const { id, name, label, dataset, status, items, counts, createdAt } = experiment;
  const done = items - counts.open;
  const running = isRunning(experiment);
  return (
    <li className={styles.line}>
      <div className={styles.what}>
        <Link to="/evaluate/experiments/$id" params={{ id }} className={styles.name} dir="auto">
          {name}
        </Link>
        <span className={styles.about}>
          {label} on {dataset.name} · {itemWords(items)}
        </span>
      </div>
      <div className={styles.state}>
        <span className={styles.status} data-status={status}>
          {STATUS_WORDS[status]}
        </span>
        {(running || status === 'paused') && (
          <>
            <progress className={styles.bar} value={done} max={Math.max(items, 1)} aria-label="Items done" />
            <span className="tabular">
              {formatNumber(done)} of {formatNumber(items)}
            </span>
          </>
        )}
      </div>
      <span className={styles.figure}>{counts.graded === 0 ? '–' : `${percent(counts.passed / counts.graded)} passed`}</span>
      <span className={styles.figure}>{spentWords(experiment)}</span>
      <span className={styles.when}>
        <TimeAgo at={createdAt} />
      </span>
    </li>
  );
}
