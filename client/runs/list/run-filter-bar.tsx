import { TRIGGER_KINDS } from '@switchyard/shared/run/events.ts';
import { RUN_STATUSES } from '@switchyard/shared/run/state.ts';
import { IconBolt, IconCalendar, IconCircleDashed, IconSitemap, IconTag, IconVersions } from '@tabler/icons-react';
import { useRuns, useVersions, useWorkflows } from '../../api/queries.ts';
import { FilterMenu } from '../../frame/filter-menu.tsx';
import { TRIGGER_LABELS } from '../../run-look/run-labels.ts';
import { STATUS_LABELS } from '../../run-look/status-labels.ts';
import { useSlowNow } from '../../ui/clock.ts';
import styles from './run-filter-bar.module.css';
import { DEFAULT_PERIOD, filtersOf } from './run-filters.ts';
import { labelOptions } from './run-label-options.ts';
import { PERIODS, type Period, type RunsSearch } from './runs-search.ts';

const PERIOD_WORDS: Readonly<Record<Period, string>> = { '1h': 'Last hour', '24h': 'Last 24 h', '7d': 'Last 7 days', '30d': 'Last 30 days', all: 'All time' };

const STATUS_OPTIONS = RUN_STATUSES.map((value) => ({ value, label: STATUS_LABELS[value] }));
const TRIGGER_OPTIONS = TRIGGER_KINDS.map((value) => ({ value, label: TRIGGER_LABELS[value] }));
const PERIOD_OPTIONS = PERIODS.filter((value) => value !== DEFAULT_PERIOD).map((value) => ({ value, label: PERIOD_WORDS[value] }));

interface RunFilterBarProps {
  readonly search: RunsSearch;
  readonly onChange: (changes: { [K in keyof RunsSearch]?: RunsSearch[K] | undefined }) => void;
}

/** The filters of the runs, each a button that shows the selection. */
export function RunFilterBar({ search, onChange }: RunFilterBarProps) {
  const { data: workflows } = useWorkflows();
  return (
    <section className={styles.filters} aria-label="Filters">
      <FilterMenu
        name="Status"
        any="Any status"
        Icon={IconCircleDashed}
        value={search.status}
        options={STATUS_OPTIONS}
        onChange={(status) => onChange({ status })}
      />
      <FilterMenu
        name="Workflow"
        any="All workflows"
        Icon={IconSitemap}
        value={search.workflow}
        options={(workflows ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(workflow) => onChange({ workflow, version: undefined })}
      />
      {search.workflow && <VersionFilter workflowId={search.workflow} value={search.version} onChange={(version) => onChange({ version })} />}
      <FilterMenu
        name="Trigger"
        any="Any trigger"
        Icon={IconBolt}
        value={search.trigger}
        options={TRIGGER_OPTIONS}
        onChange={(trigger) => onChange({ trigger })}
      />
      <LabelFilter search={search} onChange={(label) => onChange({ label })} />
      <FilterMenu
        name="Time range"
        any={PERIOD_WORDS[DEFAULT_PERIOD]}
        Icon={IconCalendar}
        value={search.period}
        options={PERIOD_OPTIONS}
        onChange={(period) => onChange({ period })}
      />
    </section>
  );
}

/** Versions only identify something within one workflow. */
function VersionFilter({ workflowId, value, onChange }: { workflowId: string; value: string | undefined; onChange: (version: string | undefined) => void }) {
  const { data } = useVersions(workflowId);
  const options = [{ value: 'draft', label: 'Draft' }, ...(data ?? []).map(({ number }) => ({ value: String(number), label: `v${number}` }))];
  return <FilterMenu name="Version" any="Any version" Icon={IconVersions} value={value} options={options} onChange={onChange} />;
}

/** Filters by label. Offers the labels of the listed runs, and is hidden if there are none. */
function LabelFilter({ search, onChange }: { search: RunsSearch; onChange: (label: string | undefined) => void }) {
  const { data } = useRuns(filtersOf(search, useSlowNow()));
  const options = labelOptions(data?.pages.flatMap((page) => page.items) ?? [], search.label);
  if (options.length === 0) return null;
  return <FilterMenu name="Label" any="Any label" Icon={IconTag} value={search.label} options={options} onChange={onChange} />;
}
