import { Button, Skeleton } from '@mantine/core';
import { CHANGE_SUBJECTS } from '@switchyard/shared/contracts/changes.ts';
import { IconCalendar, IconCategory } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ChangeFilters, useChanges } from '../api/audit-queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { FilterMenu } from '../frame/filter-menu.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { useSlowNow } from '../ui/clock.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import styles from './audit-page.module.css';
import { AUDIT_PERIODS, type AuditPeriod, type AuditSearch } from './audit-search.ts';
import { KIND_LABELS } from './change-labels.ts';
import { ChangeRow } from './change-row.tsx';

const HOUR = 3_600_000;
const SPANS: Readonly<Record<AuditPeriod, { readonly label: string; readonly ms: number }>> = {
  '24h': { label: 'Last 24 hours', ms: 24 * HOUR },
  '7d': { label: 'Last 7 days', ms: 7 * 24 * HOUR },
  '30d': { label: 'Last 30 days', ms: 30 * 24 * HOUR },
};
const KINDS = CHANGE_SUBJECTS.map((value) => ({ value, label: KIND_LABELS[value] }));
const PERIODS = AUDIT_PERIODS.map((value) => ({ value, label: SPANS[value].label }));

/** Cut to the hour, so that the list isn’t loaded again as time passes. */
const filtersOf = ({ kind, period }: AuditSearch, now: number): ChangeFilters => ({
  ...(kind && { subject: kind }),
  ...(period && { from: new Date(now - (now % HOUR) - SPANS[period].ms).toISOString() }),
});

/** Who changed what, when, and why. */
export function AuditPage() {
  const search = useSearch({ from: '/settings/audit' });
  const navigate = useNavigate({ from: '/settings/audit' });
  const change = ({ kind, period }: { [K in keyof AuditSearch]: AuditSearch[K] | undefined }) =>
    void navigate({ search: { ...(kind && { kind }), ...(period && { period }) }, replace: true });
  return (
    <>
      <TopBar
        title="Audit"
        parent={{ to: '/settings', label: 'Settings' }}
        state={
          <section className={styles.filters} aria-label="Filters">
            <FilterMenu name="Kind" any="All kinds" Icon={IconCategory} value={search.kind} options={KINDS} onChange={(kind) => change({ ...search, kind })} />
            <FilterMenu
              name="Period"
              any="All time"
              Icon={IconCalendar}
              value={search.period}
              options={PERIODS}
              onChange={(period) => change({ ...search, period })}
            />
          </section>
        }
      />
      <div className={styles.page}>
        <Changes search={search} onClear={() => change({})} />
      </div>
    </>
  );
}

function Changes({ search, onClear }: { search: AuditSearch; onClear: () => void }) {
  const now = useSlowNow();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useChanges(filtersOf(search, now));
  if (error && !data) return <ErrorState title="Couldn’t load changes" error={error} retry={() => void refetch()} />;
  if (!data) {
    return (
      <div className={styles.loading} role="status" aria-label="Loading changes">
        {[60, 48, 54].map((width) => (
          <Skeleton key={width} height={14} width={`${width}%`} />
        ))}
      </div>
    );
  }
  const changes = data.pages.flatMap((page) => page.items);
  if (changes.length === 0) {
    return search.kind || search.period ? (
      <EmptyState title="No changes match" text="Widen the time range or remove a filter." action={<Button onClick={onClear}>Clear filters</Button>} />
    ) : (
      <EmptyState
        title="No changes yet"
        text="Every change of a prompt, route, price, budget, or kill switch is listed here: who made it, when, the values before and after, and the reason."
      />
    );
  }
  return (
    <>
      <div className={styles.heads} aria-hidden>
        <span>Who</span>
        <span>Change</span>
        <span>Before → after</span>
      </div>
      <ol className={styles.list} aria-label="Changes, newest first">
        {changes.map((change) => (
          <ChangeRow key={change.id} change={change} />
        ))}
      </ol>
      {hasNextPage && (
        <div className={styles.next}>
          <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}
