import { Button } from '@mantine/core';
import { IconDownload, IconTag } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { usageCsvUrl } from '../api/usage-queries.ts';
import { RangeMenu } from '../frame/range-menu.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { ButtonLink } from '../ui/button-link.tsx';
import { useSlowNow } from '../ui/clock.ts';
import { BudgetsSection } from './budgets/budgets-section.tsx';
import { UsagePicture } from './chart/usage-picture.tsx';
import { DEFAULT_PERIOD, MOST_DAYS, usageRange } from './range/usage-range.ts';
import { filtersOf, PERIODS, type Period, periodOf, type UsageSearch } from './range/usage-search.ts';
import { UsageFilterBar } from './usage-filter-bar.tsx';
import styles from './usage-page.module.css';

const PERIOD_WORDS: Readonly<Record<Period, string>> = {
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '14d': 'Last 14 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
};
const PERIOD_OPTIONS = PERIODS.map((value) => ({ value, label: PERIOD_WORDS[value] }));
const dayOf = (at: string): string => at.slice(0, 10);

/** What model calls cost, by day and by cause, and the budgets that limit them. */
export function UsagePage() {
  const search = useSearch({ from: '/usage' });
  const navigate = useNavigate({ from: '/usage' });
  const now = useSlowNow();
  const range = usageRange(search, now);
  const by = search.by ?? 'workflow';
  const { from, to, bucket } = range;
  const filters = filtersOf(search);
  const query = { by, bucket, from, ...(to !== undefined && { to }), ...filters };
  const period = periodOf(search);
  const show = (next: UsageSearch) => void navigate({ search: { ...(search.by && { by: search.by }), ...next }, replace: true });
  return (
    <>
      <TopBar
        title="Usage"
        state={
          <section className={styles.filters} aria-label="Filters">
            <RangeMenu
              title={range.title}
              periods={PERIOD_OPTIONS}
              chosen={search.from === undefined ? (search.period ?? DEFAULT_PERIOD) : undefined}
              days={{ from: dayOf(range.from), to: dayOf(range.starts.at(-1) ?? range.from) }}
              help={`Days are in UTC. At most ${MOST_DAYS} days.`}
              onPeriod={(chosen) => show({ period: chosen, ...filters })}
              onDays={(days) => show({ ...days, ...filters })}
            />
            <UsageFilterBar query={query} filters={filters} onChange={(changed) => show({ ...period, ...changed })} />
          </section>
        }
        actions={
          <>
            <ButtonLink to="/usage/prices" variant="subtle" leftSection={<IconTag size={16} stroke={1.7} />}>
              Prices
            </ButtonLink>
            <Button component="a" href={usageCsvUrl(query)} download leftSection={<IconDownload size={16} stroke={1.7} />}>
              Export CSV
            </Button>
          </>
        }
      />
      <div className={styles.page}>
        <UsagePicture
          query={query}
          by={by}
          range={range}
          onGroup={(grouping) => void navigate({ search: (before) => ({ ...before, by: grouping }), replace: true })}
          onClear={Object.keys(filters).length > 0 ? () => show(period) : undefined}
        />
        <BudgetsSection />
      </div>
    </>
  );
}
