import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { CorrectionSummary } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { CAUSE_GROUPS } from '@switchyard/shared/evaluation/choices.ts';
import { IconCalendar, IconDownload, IconSitemap } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { tuningUrl, useCorrectionSummary, useCorrections } from '../../api/evaluation/correction-queries.ts';
import { useOpenExceptions } from '../../api/evaluation/exception-queries.ts';
import { useWorkflows } from '../../api/queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { FilterMenu } from '../../frame/filter-menu.tsx';
import { PageLoading } from '../../frame/page-loading.tsx';
import { TopBar } from '../../frame/top-bar.tsx';
import { ButtonLink } from '../../ui/button-link.tsx';
import { useSlowNow } from '../../ui/clock.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TuningExport } from '../datasets/tuning-export.tsx';
import { EvaluateTabs } from '../evaluate-tabs.tsx';
import { CauseList } from './causes/cause-list.tsx';
import { percent } from './common/cause-words.ts';
import { type CorrectionsSearch, DEFAULT_PERIOD, PERIODS, type Period, type Shown, startOf } from './common/corrections-search.ts';
import styles from './corrections-page.module.css';
import { CorrectionDetail } from './detail/correction-detail.tsx';
import { DifferentCases } from './different-cases.tsx';
import { CorrectionList } from './list/correction-list.tsx';

const PERIOD_WORDS: Readonly<Record<Period, string>> = { '7d': 'Last 7 days', '30d': 'Last 30 days', '90d': 'Last 90 days', '365d': 'Last 365 days' };
const PERIOD_OPTIONS = PERIODS.map((value) => ({ value, label: PERIOD_WORDS[value] }));

/** Changes the URL. Undefined removes a part of it. */
type Go = (changes: { [K in keyof CorrectionsSearch]?: CorrectionsSearch[K] | undefined }, replace?: boolean) => void;

/** What reviewers changed, by cause: the causes, the corrections of one, and one in full. A narrow window shows one part at a time. */
export function CorrectionsPage() {
  const search = useSearch({ from: '/evaluate/corrections' });
  const navigate = useNavigate({ from: '/evaluate/corrections' });
  const now = useSlowNow();
  const { workflow, period = DEFAULT_PERIOD } = search;
  const filters = { from: startOf(period, now), ...(workflow !== undefined && { workflowId: workflow }) };
  const { data, error, refetch } = useCorrectionSummary(filters);
  const different = useOpenExceptions(workflow);
  const workflows = useWorkflows();
  const go: Go = (changes, replace = true) =>
    void navigate({ search: (before) => Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined)), replace });
  return (
    <>
      <TopBar
        title="Evaluate"
        state={
          <section className={styles.filters} aria-label="Filters">
            <EvaluateTabs />
            <FilterMenu
              name="Workflow"
              any="All workflows"
              Icon={IconSitemap}
              value={workflow}
              options={(workflows.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(chosen) => go({ workflow: chosen, cause: undefined, open: undefined, correction: undefined })}
            />
            <FilterMenu
              name="Range"
              any={PERIOD_WORDS[DEFAULT_PERIOD]}
              Icon={IconCalendar}
              value={search.period}
              options={PERIOD_OPTIONS.filter(({ value }) => value !== DEFAULT_PERIOD)}
              onChange={(chosen) => go({ period: chosen, correction: undefined })}
            />
          </section>
        }
        actions={
          data && (
            <>
              <Total summary={data} />
              {data.corrected > 0 && <ForTuning filters={filters} />}
            </>
          )
        }
      />
      {error && !data && <ErrorState title="Couldn’t load corrections" error={error} retry={() => void refetch()} />}
      {!data && !error && <PageLoading />}
      {data && <Parts summary={data} filters={filters} different={different.data?.length} search={search} go={go} />}
    </>
  );
}

/** “412 of 2,120 reviews corrected, 19%” */
function Total({ summary: { reviewed, corrected, complete } }: { summary: CorrectionSummary }) {
  if (reviewed === 0) return null;
  return (
    <p className={styles.total}>
      {corrected.toLocaleString('en')} of {reviewed.toLocaleString('en')} reviews corrected, {percent(corrected / reviewed)}
      {!complete && ', newest only'}
    </p>
  );
}

/** Downloads the corrections of these filters for fine-tuning. */
function ForTuning({ filters }: { filters: Filters }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="subtle" leftSection={<IconDownload size={16} stroke={1.6} />} onClick={() => setOpen(true)}>
        For tuning
      </Button>
      {isOpen && <TuningExport url={tuningUrl(filters)} onClose={() => setOpen(false)} />}
    </>
  );
}

interface Filters {
  readonly from: string;
  readonly workflowId?: string;
}

interface PartsProps {
  readonly summary: CorrectionSummary;
  readonly filters: Filters;
  readonly different: number | undefined;
  readonly search: CorrectionsSearch;
  readonly go: Go;
}

function Parts({ summary, filters, different, search, go }: PartsProps) {
  const isWide = useMediaQuery('(min-width: 900px)', true, { getInitialValueInEffect: false });
  const largest = [...summary.causes].sort((one, other) => other.count - one.count)[0];
  const shown: Shown | undefined = search.cause ?? (largest && largest.count > 0 ? largest.cause : undefined);
  const group = CAUSE_GROUPS.find((cause) => cause === shown);
  const first = useCorrections({ ...filters, ...(group && { cause: group }), ...(search.open && { confirmed: 'false' }) }, group !== undefined);
  const selected = search.correction ?? (isWide ? first.data?.pages[0]?.items[0]?.id : undefined);
  if (shown === undefined && search.correction === undefined && !different) return <NothingYet />;
  const counts = summary.causes.find(({ cause }) => cause === group);
  return (
    <div className={styles.parts} data-open={search.correction !== undefined || undefined}>
      <CauseList summary={summary} different={different} shown={shown} onShow={(cause) => go({ cause, correction: undefined })} />
      {shown === 'different' && <DifferentCases workflowId={filters.workflowId} />}
      {group && counts && (
        <CorrectionList
          cause={group}
          filters={filters}
          count={counts.count}
          unconfirmed={Math.max(0, counts.count - counts.confirmed)}
          open={search.open === true}
          onOpen={(open) => go({ open: open || undefined, correction: undefined })}
          selected={selected}
          onSelect={(id) => go({ correction: id }, isWide)}
        />
      )}
      {shown !== 'different' && (
        <div className={styles.detail} data-covers-rail={search.correction !== undefined || undefined}>
          {selected !== undefined && (
            <CorrectionDetail
              key={selected}
              id={selected}
              summary={summary}
              onShow={(id) => go({ correction: id })}
              onBack={() => go({ correction: undefined })}
            />
          )}
        </div>
      )}
    </div>
  );
}

const NothingYet = () => (
  <EmptyState
    title="No corrections yet"
    text="When a reviewer changes a draft in the inbox, the change appears here with its likely cause and what produced the draft."
    action={<ButtonLink to="/inbox">Open inbox</ButtonLink>}
  />
);
