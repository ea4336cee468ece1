import { Button, SegmentedControl, VisuallyHidden } from '@mantine/core';
import type { Insight } from '@switchyard/shared/contracts/insight/insight.ts';
import { IconBell, IconDownload, IconSitemap, IconVersions } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useAlertRules } from '../api/insight/alert-rule-queries.ts';
import { type InsightQuery, overviewCsvUrl, useInsight } from '../api/insight/insight-queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { FilterMenu } from '../frame/filter-menu.tsx';
import { PageLoading } from '../frame/page-loading.tsx';
import { RangeMenu } from '../frame/range-menu.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { ButtonLink } from '../ui/button-link.tsx';
import { useSlowNow } from '../ui/clock.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { AlertLines } from './alerts/alert-lines.tsx';
import { AlertsTab } from './alerts/alerts-tab.tsx';
import { useSlowLimit } from './alerts/use-slow-limit.ts';
import { Picture } from './chart/picture.tsx';
import { Rates } from './chart/rates.tsx';
import styles from './insight-page.module.css';
import { DEFAULT_PERIOD, type InsightSearch, insightRange, PERIODS, type Period, VIEWS, type View } from './insight-search.ts';
import { ComparisonSection } from './side/comparison-section.tsx';
import { ExceptionsSection } from './side/exceptions-section.tsx';
import { ReviewersSection } from './side/reviewers-section.tsx';
import { ExceptionsTab } from './tables/exceptions-tab.tsx';
import { PeopleTab } from './tables/people-tab.tsx';
import { QualityTab } from './tables/quality-tab.tsx';

const PERIOD_WORDS: Readonly<Record<Period, string>> = { '24h': 'Last 24 hours', '7d': 'Last 7 days', '28d': 'Last 28 days', '90d': 'Last 90 days' };
/** Alerts have a button of their own. */
const FIGURE_VIEWS = VIEWS.filter((view) => view !== 'alerts');
const VIEW_WORDS: Readonly<Record<View, string>> = { overview: 'Overview', quality: 'Quality', people: 'People', exceptions: 'Exceptions', alerts: 'Alerts' };
const dayOf = (at: string | undefined): string => (at ?? '').slice(0, 10);

/** How live runs do: volume, success, time, cost, and rates, with what changed meanwhile. */
export function InsightPage() {
  const search = useSearch({ from: '/insight' });
  const navigate = useNavigate({ from: '/insight' });
  const { query: range, title, span } = insightRange(search, useSlowNow());
  const { workflow, version, view = 'overview', ...period } = search;
  const query: InsightQuery = { ...range, ...(workflow !== undefined && { workflowId: workflow }), ...(version !== undefined && { version }) };
  const insight = useInsight(query);
  const { data } = insight;
  const kept = { ...(view !== 'overview' && { view }), ...(workflow !== undefined && { workflow }), ...(version !== undefined && { version }) };
  const show = (next: InsightSearch) => void navigate({ search: next, replace: true });
  const openView = (next: View) => show({ ...search, view: next });
  return (
    <>
      <TopBar
        title="Insight"
        state={
          <section className={styles.filters} aria-label="Filters">
            <FilterMenu
              name="Workflow"
              any="All workflows"
              Icon={IconSitemap}
              value={workflow}
              options={(data?.workflows ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(chosen) => show({ ...period, ...(view !== 'overview' && { view }), ...(chosen !== undefined && { workflow: chosen }) })}
            />
            <RangeMenu
              title={title}
              periods={PERIODS.map((value) => ({ value, label: PERIOD_WORDS[value] }))}
              chosen={search.from === undefined ? (search.period ?? DEFAULT_PERIOD) : undefined}
              days={{ from: dayOf(range.from), to: dayOf(data?.points.at(-1)?.at ?? range.from) }}
              help="Days are in UTC. At most 400 days."
              onPeriod={(chosen) => show({ ...kept, period: chosen })}
              onDays={(days) => show({ ...kept, ...days })}
            />
            {workflow !== undefined && (
              <FilterMenu
                name="Version"
                any="All versions"
                Icon={IconVersions}
                value={version}
                options={(data?.versions ?? []).map((number) => ({ value: number, label: `v${number}` }))}
                onChange={(chosen) => show({ ...period, workflow, ...(view !== 'overview' && { view }), ...(chosen !== undefined && { version: chosen }) })}
              />
            )}
          </section>
        }
        actions={
          <>
            <SegmentedControl
              aria-label="View"
              data={FIGURE_VIEWS.map((value) => ({ value, label: VIEW_WORDS[value] }))}
              value={view}
              onChange={(value) => openView(value as View)}
            />
            <AlertsButton isShown={view === 'alerts'} onClick={() => openView(view === 'alerts' ? 'overview' : 'alerts')} />
            {view === 'overview' && (
              <Button component="a" href={overviewCsvUrl(query)} download aria-label="Export CSV" className={styles.export}>
                <IconDownload size={16} stroke={1.7} />
              </Button>
            )}
          </>
        }
      />
      <div className={styles.page}>
        {view === 'alerts' && <AlertsTab workflowId={workflow} />}
        {view === 'overview' && <AlertLines workflowId={workflow} />}
        {view === 'quality' && <QualityTab query={query} />}
        {view === 'people' && <PeopleTab query={query} />}
        {view === 'exceptions' && <ExceptionsTab query={query} />}
        {view === 'overview' &&
          (insight.error ? (
            <ErrorState title="Couldn’t load figures" error={insight.error} retry={() => void insight.refetch()} />
          ) : data ? (
            <Overview data={data} query={query} span={span} onView={openView} />
          ) : (
            <PageLoading />
          ))}
      </div>
    </>
  );
}

/** The number of open alerts. */
function AlertsButton({ isShown, onClick }: { isShown: boolean; onClick: () => void }) {
  const { data } = useAlertRules();
  const open = data?.items.filter(({ opening }) => opening !== null).length ?? 0;
  return (
    <Button variant={isShown ? 'light' : 'subtle'} aria-pressed={isShown} leftSection={<IconBell size={16} stroke={1.7} />} onClick={onClick}>
      Alerts{' '}
      {open > 0 && (
        <span className={styles.count}>
          {open}
          <VisuallyHidden> open</VisuallyHidden>
        </span>
      )}
    </Button>
  );
}

interface OverviewProps {
  readonly data: Insight;
  readonly query: InsightQuery;
  readonly span: string;
  readonly onView: (view: View) => void;
}

function Overview({ data, query, span, onView }: OverviewProps) {
  const slowLimit = useSlowLimit(query);
  if (data.total.runs === 0 && data.total.costMicros === 0) {
    return (
      <EmptyState
        title="No live runs in this range"
        text="Runs of published versions appear here up to 30 seconds after they end. Runs of drafts and test requests don’t count."
        action={
          <ButtonLink to="/workflows" variant="filled">
            Open workflows
          </ButtonLink>
        }
      />
    );
  }
  return (
    <div className={styles.overview}>
      <div className={styles.main}>
        <Picture data={data} slowLimit={slowLimit} />
        <Rates data={data} span={span} />
      </div>
      <aside className={styles.side} aria-label="Exceptions, baseline, and reviewers">
        <ExceptionsSection query={query} onAll={() => onView('exceptions')} />
        <ComparisonSection query={query} />
        <ReviewersSection query={query} onAll={() => onView('people')} />
      </aside>
    </div>
  );
}
