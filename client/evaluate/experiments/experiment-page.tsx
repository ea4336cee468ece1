import { Skeleton } from '@mantine/core';
import type { Experiment, ExperimentComparison } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import {
  isRunning,
  type PairsWanted,
  useComparison,
  useExperiment,
  useExperimentResults,
  useExperiments,
  usePairs,
} from '../../api/evaluation/experiment-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { TopBar } from '../../frame/top-bar.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import type { ExperimentSearch, Shown } from './common/experiment-search.ts';
import { ExperimentActions } from './experiment-actions.tsx';
import { ExperimentFacts } from './experiment-facts.tsx';
import styles from './experiment-page.module.css';
import { ItemFilter } from './items/item-filter.tsx';
import { ItemList } from './items/item-list.tsx';
import { ItemPanel } from './items/item-panel.tsx';
import { type ItemRow, rowOfPair, rowOfResult } from './items/item-rows.ts';
import { Progress } from './result/progress.tsx';
import { Summary } from './result/summary.tsx';
import { WaitingForPeople } from './result/waiting-for-people.tsx';

const PARENT = { to: '/evaluate/experiments', label: 'Experiments' } as const;

/** An experiment: what it says, compared with a baseline, and every item, the worst first. */
export function ExperimentPage() {
  const { id } = useParams({ from: '/evaluate/experiments/$id' });
  const { data: experiment, error, refetch } = useExperiment(id);
  return (
    <>
      <TopBar
        parent={PARENT}
        title={experiment?.name ?? 'Experiment'}
        state={experiment && <ExperimentFacts experiment={experiment} />}
        actions={experiment && <ExperimentActions experiment={experiment} />}
      />
      {error && !experiment && <ErrorState title="Couldn’t load experiment" error={error} retry={() => void refetch()} />}
      {!experiment && !error && (
        <div role="status" aria-label="Loading experiment" className={styles.loading}>
          <Skeleton height={18} width="40%" />
          <Skeleton height={180} />
        </div>
      )}
      {experiment && <Open key={id} experiment={experiment} />}
    </>
  );
}

/** Experiments that this one can be compared with: the same dataset and graders. */
function useBaselines(experiment: Experiment): readonly Experiment[] {
  const { data } = useExperiments(experiment.dataset.id);
  return useMemo(() => {
    const graders = JSON.stringify(experiment.graders);
    const all = data?.pages.flatMap(({ items }) => items) ?? [];
    return all.filter((other) => other.id !== experiment.id && other.counts.graded > 0 && JSON.stringify(other.graders) === graders);
  }, [data, experiment.id, experiment.graders]);
}

function Open({ experiment }: { experiment: Experiment }) {
  const search = useSearch({ from: '/evaluate/experiments/$id' });
  const navigate = useNavigate({ from: '/evaluate/experiments/$id' });
  const show = (next: ExperimentSearch) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const baselines = useBaselines(experiment);
  const baseline = search.with === 'none' ? undefined : (baselines.find(({ id }) => id === search.with) ?? baselines[0]);
  const live = isRunning(experiment);
  const { data: comparison, error } = useComparison(experiment.id, experiment.counts.graded > 0 ? baseline?.id : undefined, live);
  const compared = baseline && comparison?.baseline.id === baseline.id ? comparison : undefined;
  return (
    <div className={styles.page}>
      {(live || experiment.status === 'paused' || experiment.status === 'failed') && <Progress experiment={experiment} />}
      {error && baseline && <ErrorState title="Couldn’t compare experiments" error={error} />}
      <Summary
        experiment={experiment}
        comparison={compared}
        baselines={baselines}
        baseline={baseline}
        shown={search.show}
        onBaseline={(id) => show({ with: id ?? 'none', show: undefined })}
        onShow={(shown) => show({ show: shown })}
      />
      <WaitingForPeople experiment={experiment} onOpen={(item) => show({ item })} />
      <Items experiment={experiment} comparison={compared} search={search} onChange={show} />
    </div>
  );
}

interface ItemsProps {
  readonly experiment: Experiment;
  readonly comparison: ExperimentComparison | undefined;
  readonly search: ExperimentSearch;
  readonly onChange: (next: ExperimentSearch) => void;
}

const asPairs = (shown: Shown | undefined): PairsWanted => (shown === 'graded' || shown === 'errored' || shown === 'stopped' ? undefined : shown);
const asStatus = (shown: Shown | undefined) => (shown === 'graded' || shown === 'errored' || shown === 'stopped' ? shown : undefined);

/** The rows to list, from the pairs if there is a comparison. */
function useRows({ experiment, comparison, search }: Pick<ItemsProps, 'experiment' | 'comparison' | 'search'>) {
  const done = experiment.items - experiment.counts.open;
  const pairs = usePairs(experiment.id, comparison?.baseline.id, asPairs(search.show), comparison?.pairs ?? 0);
  const results = useExperimentResults(experiment.id, { status: asStatus(search.show) }, done, !comparison);
  const source = comparison ? pairs : results;
  const rows: ItemRow[] = comparison
    ? (pairs.data?.pages.flatMap(({ items }) => items.map(rowOfPair)) ?? [])
    : (results.data?.pages.flatMap(({ items }) => items.map(rowOfResult)) ?? []);
  const runOf = (index: number) => pairs.data?.pages.flatMap(({ items }) => items).find(({ subject }) => subject?.index === index)?.baseline?.runId ?? null;
  return { rows, source, runOf };
}

function Items({ experiment, comparison, search, onChange }: ItemsProps) {
  const { rows, source, runOf } = useRows({ experiment, comparison, search });
  const { item } = search;
  const step = (by: 1 | -1) => {
    const indexes = rows.flatMap(({ index }) => (index === null ? [] : [index]));
    const next = indexes[indexes.indexOf(item ?? -1) + by];
    if (next !== undefined) onChange({ item: next });
  };
  return (
    <div className={styles.lower} data-open={item !== undefined || undefined}>
      <section className={styles.list} aria-label="Items">
        <ItemFilter experiment={experiment} comparison={comparison} shown={search.show} onShow={(show) => onChange({ show })} />
        {source.error && !source.data && <ErrorState title="Couldn’t load items" error={source.error} retry={() => void source.refetch()} />}
        {source.data && rows.length === 0 && (
          <EmptyState
            title={search.show ? 'No items match' : 'No results yet'}
            text={search.show ? 'Choose another filter.' : 'Items appear here as soon as they are graded.'}
          />
        )}
        {rows.length > 0 && (
          <ItemList
            rows={rows}
            labels={{ subject: experiment.label, baseline: comparison?.baseline.label }}
            selected={item}
            onSelect={(index) => onChange({ item: index })}
            more={source.hasNextPage ? { load: () => void source.fetchNextPage(), isLoading: source.isFetchingNextPage } : undefined}
          />
        )}
      </section>
      {item !== undefined && (
        <div className={styles.side}>
          <ItemPanel
            key={item}
            experiment={experiment}
            index={item}
            baseline={comparison && { label: comparison.baseline.label, runId: runOf(item) }}
            onStep={step}
            onClose={() => onChange({ item: undefined })}
            onOpen={(index) => onChange({ item: index })}
          />
        </div>
      )}
    </div>
  );
}
