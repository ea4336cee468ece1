import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useDeferredValue, useEffect, useState } from 'react';
import { keys } from '../api/keys.ts';
import { useWorkflows } from '../api/queries.ts';
import { SearchBox } from '../frame/search-box.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { KillBanner } from '../kill-switches/kill-strip.tsx';
import { useThrottled } from '../live/use-throttled.ts';
import { useOnWorkflowRuns } from '../live/workflow-runs.ts';
import { useSlowNow } from '../ui/clock.ts';
import { RunDetailSkeleton } from './detail/run-detail-skeleton.tsx';
import { RerunStrip } from './list/rerun-strip.tsx';
import { RunFilterBar } from './list/run-filter-bar.tsx';
import { filtersOf } from './list/run-filters.ts';
import { RunsList } from './list/runs-list.tsx';
import type { RunsSearch } from './list/runs-search.ts';
import styles from './runs-page.module.css';

const RunDetail = lazy(() => import('./detail/run-detail.tsx').then((module) => ({ default: module.RunDetail })));

const RunComparison = lazy(() => import('../run-compare/run-comparison.tsx').then((module) => ({ default: module.RunComparison })));

/** The list of runs on the left, the open run on the right. */
export function RunsPage() {
  const search = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const change = (changes: { [K in keyof RunsSearch]?: RunsSearch[K] | undefined }) =>
    navigate({ search: (before) => Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined)), replace: true });
  const close = () => void change({ run: undefined, compare: undefined });
  const [before, after] = [search.run, search.compare].sort();
  const [text, setText] = useTypedSearch(search.search ?? '', (typed) => void change({ search: typed || undefined }));
  useFreshRuns();
  const filters = filtersOf(search, useSlowNow());
  return (
    <>
      <TopBar
        title="Runs"
        state={<RunFilterBar search={search} onChange={(changes) => void change(changes)} />}
        actions={<SearchBox wide value={text} onChange={setText} label="Search ID, input, or label" />}
      />
      <div className={styles.page} data-open={search.run !== undefined || undefined}>
        <div className={styles.list}>
          <KillBanner workflowId={search.workflow} />
          <RerunStrip filters={filters} />
          <RunsList search={search} onClear={() => void navigate({ search: {} })} />
        </div>
        {before !== undefined && after !== undefined && (
          <aside className={styles.detail} aria-label="Comparison">
            <Suspense fallback={<RunDetailSkeleton onClose={close} />}>
              <RunComparison before={before} after={after} onClose={() => void change({ compare: undefined })} />
            </Suspense>
          </aside>
        )}
        {search.run && !search.compare && (
          <aside className={styles.detail} aria-label="Run">
            <Suspense fallback={<RunDetailSkeleton onClose={close} />}>
              <RunDetail key={search.run} runId={search.run} onClose={close} />
            </Suspense>
          </aside>
        )}
      </div>
    </>
  );
}

/** Search text that is shown at once and written to the URL after a pause in typing. */
function useTypedSearch(address: string, onSettled: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(address);
  const settled = useDeferredValue(text);
  useEffect(() => {
    if (settled.trim() === address) return;
    const timer = setTimeout(() => onSettled(settled.trim()), 200);
    return () => clearTimeout(timer);
  });
  return [text, setText];
}

const REFRESH_MS = 700;

/** Keeps the list current with every run that starts, changes, or ends. */
function useFreshRuns(): void {
  const client = useQueryClient();
  const { data } = useWorkflows();
  const refresh = useThrottled(() => void client.invalidateQueries({ queryKey: keys.runs }), REFRESH_MS);
  useOnWorkflowRuns(
    (data ?? []).map(({ id }) => id),
    refresh,
  );
}
