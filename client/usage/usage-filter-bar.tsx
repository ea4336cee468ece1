import type { USAGE_FILTERS } from '@switchyard/shared/contracts/money.ts';
import { type Icon, IconBuilding, IconCpu, IconFileText, IconPlugConnected, IconRoute, IconSitemap } from '@tabler/icons-react';
import { type UsageQuery, useUsage } from '../api/usage-queries.ts';
import { FilterMenu } from '../frame/filter-menu.tsx';
import { GROUPING_WORDS } from './chart/group-table.tsx';
import { NO_KEY, NOTHING_KEY } from './chart/usage-sums.ts';
import type { UsageFilters } from './range/usage-search.ts';

type Filter = (typeof USAGE_FILTERS)[number];

const MENUS: readonly { readonly filter: Filter; readonly any: string; readonly Icon: Icon }[] = [
  { filter: 'workflow', any: 'All workflows', Icon: IconSitemap },
  { filter: 'tenant', any: 'All tenants', Icon: IconBuilding },
  { filter: 'model', any: 'All models', Icon: IconCpu },
  { filter: 'route', any: 'All routes', Icon: IconRoute },
  { filter: 'prompt', any: 'All prompts', Icon: IconFileText },
  { filter: 'source', any: 'All sources', Icon: IconPlugConnected },
];

interface Props {
  readonly query: UsageQuery;
  readonly filters: UsageFilters;
  readonly onChange: (filters: UsageFilters) => void;
}

/** Filters the calls of the range. */
export function UsageFilterBar({ query, filters, onChange }: Props) {
  const { data } = useUsage(query);
  return MENUS.map(({ filter, any, Icon }) => (
    <FilterMenu
      key={filter}
      name={GROUPING_WORDS[filter]}
      any={any}
      Icon={Icon}
      value={filters[filter]}
      options={optionsOf(filter, data?.values[filter] ?? [], filters[filter])}
      onChange={(value) => {
        const { [filter]: _before, ...others } = filters;
        onChange(value === undefined ? others : { ...others, [filter]: value });
      }}
    />
  ));
}

/** The selected value is an option even if no call in the range has it. */
function optionsOf(filter: Filter, values: readonly { readonly key: string; readonly name: string }[], chosen: string | undefined) {
  const options = values.map(({ key, name }) => ({ value: key, label: key === NOTHING_KEY ? NO_KEY[filter] : name }));
  return chosen === undefined || options.some(({ value }) => value === chosen) ? options : [...options, { value: chosen, label: chosen }];
}
