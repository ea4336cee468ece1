import { Button, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useRuns } from '../../api/queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import type { WaterfallRow } from '../../run-look/step-rows.ts';
import { Waterfall } from '../../run-look/waterfall.tsx';
import { ButtonLink } from '../../ui/button-link.tsx';
import { useSlowNow } from '../../ui/clock.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { filtersOf, isFiltered } from './run-filters.ts';
import styles from './runs-list.module.css';
import type { RunsSearch } from './runs-search.ts';
import { RunsTable } from './runs-table.tsx';
import { SelectedBar } from './selected-bar.tsx';

/** The runs that match the filters, page by page. */
export function RunsList({ search, onClear }: { search: RunsSearch; onClear: () => void }) {
  const now = useSlowNow();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useRuns(filtersOf(search, now));
  const [selected, setSelected] = useState<readonly string[]>([]);
  if (error && !data) return <ErrorState title="Couldn’t load runs" error={error} retry={() => void refetch()} />;
  if (!data) return <Waiting />;
  const runs = data.pages.flatMap((page) => page.items);
  if (runs.length === 0) return isFiltered(search) ? <NothingFits onClear={onClear} /> : <NoRuns />;
  return (
    <>
      <RunsTable runs={runs} open={search.run} selected={selected} onSelect={(id) => setSelected(toggled(selected, id))} />
      {hasNextPage && (
        <div className={styles.more}>
          <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
      <SelectedBar selected={selected} onClear={() => setSelected([])} />
    </>
  );
}

/** At most two: a third one replaces the first. */
const toggled = (selected: readonly string[], id: string): readonly string[] =>
  selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id].slice(-2);

function NothingFits({ onClear }: { onClear: () => void }) {
  return <EmptyState title="No runs match" text="Widen the time range or remove a filter." action={<Button onClick={onClear}>Clear filters</Button>} />;
}

/** Nothing in the default time range: because there are only older runs, or none at all. */
function NoRuns() {
  const { data } = useRuns({});
  if (!data) return <Waiting />;
  const older = data.pages.some((page) => page.items.length > 0);
  return (
    <EmptyState
      picture={older ? undefined : <Waterfall rows={EXAMPLE} />}
      title={older ? 'No runs in the last 24 hours' : 'No runs yet'}
      text="Every run is recorded here with each step’s input, output, duration, and cost."
      action={
        <>
          <ButtonLink variant="filled" to="/workflows">
            Open a workflow and run it
          </ButtonLink>
          {older && (
            <ButtonLink from="/runs" to="/runs" search={{ period: 'all' }}>
              Show older runs
            </ButtonLink>
          )}
        </>
      }
    />
  );
}

const bar = (label: string, category: WaterfallRow['category'], from: number, to: number): WaterfallRow => ({
  id: label,
  label,
  category,
  round: 1,
  status: 'succeeded',
  bars: [{ from, to, pale: false }],
  calls: [],
});
/** An example run for an empty list. */
const EXAMPLE = [bar('Input', 'flow', 0, 120), bar('Sort', 'ai', 120, 1_900), bar('Answer', 'ai', 1_900, 5_600), bar('Output', 'flow', 5_600, 5_720)];

function Waiting() {
  return (
    <div className={styles.waiting} role="status" aria-label="Loading runs">
      {Array.from({ length: 12 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders without content
        <Skeleton key={index} height={12} width={`${88 - (index % 4) * 9}%`} />
      ))}
    </div>
  );
}
