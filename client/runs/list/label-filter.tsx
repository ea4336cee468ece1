import { IconTag } from '@tabler/icons-react';
import { useRuns } from '../../api/queries.ts';
import { useSlowNow } from '../../ui/clock.ts';
import { FilterMenu } from './filter-menu.tsx';
import { filtersOf } from './run-filters.ts';
import { labelOptions } from './run-label-options.ts';
import type { RunsSearch } from './runs-search.ts';

/** Runs with one label. It offers what the runs in the list carry; without any there is nothing to choose. */
export function LabelFilter({ search, onChange }: { search: RunsSearch; onChange: (label: string | undefined) => void }) {
  const { data } = useRuns(filtersOf(search, useSlowNow()));
  const options = labelOptions(data?.pages.flatMap((page) => page.items) ?? [], search.label);
  if (options.length === 0) return null;
  return <FilterMenu name="Label" any="Any label" Icon={IconTag} value={search.label} options={options} onChange={onChange} />;
}
