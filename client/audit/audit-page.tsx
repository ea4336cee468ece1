import { Button, Skeleton } from '@mantine/core';
import { CHANGE_SUBJECTS } from '@switchyard/shared/contracts/changes.ts';
import type { Actor } from '@switchyard/shared/run/actor.ts';
import { IconCategory, IconDownload, IconUser } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ChangeFilters, useChangeActors, useChanges } from '../api/audit-queries.ts';
import { daysTitle } from '../frame/day-range.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { FilterMenu } from '../frame/filter-menu.tsx';
import { RangeMenu } from '../frame/range-menu.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { actorLabel } from '../run-look/actor-label.ts';
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
const PERIODS = [{ value: 'all', label: 'All time' } as const, ...AUDIT_PERIODS.map((value) => ({ value, label: SPANS[value].label }))];

/** A period starts on the hour, so the list isn’t refetched as time passes. */
const filtersOf = ({ kind, period, from, to, actor }: AuditSearch, now: number): ChangeFilters => ({
  ...(kind && { subject: kind }),
  ...(actor !== undefined && { actor }),
  ...(from !== undefined && to !== undefined && { from: `${from}T00:00:00.000Z`, to: `${to}T23:59:59.999Z` }),
  ...(period && { from: new Date(now - (now % HOUR) - SPANS[period].ms).toISOString() }),
});

/** Who changed what, when, and why. */
export function AuditPage() {
  const search = useSearch({ from: '/settings/audit' });
  const navigate = useNavigate({ from: '/settings/audit' });
  const show = (next: AuditSearch) => void navigate({ search: next, replace: true });
  return (
    <>
      <TopBar
        title="Audit"
        parent={{ to: '/settings', label: 'Settings' }}
        state={<Filters search={search} onChange={show} />}
        actions={
          <Button
            component="a"
            href="/api/audit/export"
            download
            leftSection={<IconDownload size={16} stroke={1.7} />}
            title="All entries, with the signature that switchyard verify checks"
          >
            Export
          </Button>
        }
      />
      <div className={styles.page}>
        <Changes search={search} onClear={() => show({})} />
      </div>
    </>
  );
}

function Filters({ search, onChange }: { search: AuditSearch; onChange: (search: AuditSearch) => void }) {
  const { kind, actor, period, from, to } = search;
  const { data: actors = [] } = useChangeActors();
  const today = new Date(useSlowNow()).toISOString().slice(0, 10);
  const days = from !== undefined && to !== undefined ? { from, to } : undefined;
  const range = days ?? (period ? { period } : {});
  const others = { ...(kind && { kind }), ...(actor !== undefined && { actor }) };
  return (
    <section className={styles.filters} aria-label="Filters">
      <FilterMenu
        name="Kind"
        any="All kinds"
        Icon={IconCategory}
        value={kind}
        options={KINDS}
        onChange={(value) => onChange({ ...range, ...(actor !== undefined && { actor }), ...(value && { kind: value }) })}
      />
      <FilterMenu
        name="Who"
        any="Anyone"
        Icon={IconUser}
        value={actor}
        options={actorOptions(actors, actor)}
        onChange={(value) => onChange({ ...range, ...(kind && { kind }), ...(value !== undefined && { actor: value }) })}
      />
      <RangeMenu
        title={days ? daysTitle(days) : period ? SPANS[period].label : 'All time'}
        periods={PERIODS}
        chosen={days ? undefined : (period ?? 'all')}
        days={days ?? { from: today, to: today }}
        help="Days are in UTC."
        onPeriod={(value) => onChange({ ...others, ...(value !== 'all' && { period: value }) })}
        onDays={(value) => onChange({ ...others, ...value })}
      />
    </section>
  );
}

/** One option per ID, since different actors can have the same label. A selected actor is always an option. */
function actorOptions(actors: readonly Actor[], chosen: string | undefined) {
  const labels = Map.groupBy(actors, actorLabel);
  const options = actors.map((actor) => {
    const label = actorLabel(actor);
    return { value: actor.id, label: (labels.get(label)?.length ?? 0) > 1 ? `${label} ${actor.id}` : label };
  });
  return chosen === undefined || options.some(({ value }) => value === chosen) ? options : [...options, { value: chosen, label: chosen }];
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
    return Object.keys(search).length > 0 ? (
      <EmptyState title="No changes match" text="Widen the time range or remove a filter." action={<Button onClick={onClear}>Clear filters</Button>} />
    ) : (
      <EmptyState
        title="No changes yet"
        text="Changes to prompts, routes, connections, policies, prices, budgets, kill switches, and alerts appear here: who made them, when, the values before and after, and the reason."
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
