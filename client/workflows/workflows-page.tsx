import { Button } from '@mantine/core';
import { IconLayoutGrid, IconPlus, IconTag } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { keys } from '../api/keys.ts';
import { useWorkflows, useWorkflowTags } from '../api/queries.ts';
import { askForNewWorkflow } from '../frame/creating/new-workflow.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { FilterMenu } from '../frame/filter-menu.tsx';
import { SearchBox } from '../frame/search-box.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { useThrottled } from '../live/use-throttled.ts';
import { useOnWorkflowRuns } from '../live/workflow-runs.ts';
import { ImportButton } from '../sharing/import-button.tsx';
import { ButtonLink } from '../ui/button-link.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Figures, FiguresSkeleton } from './figures.tsx';
import { NoWorkflows } from './no-workflows.tsx';
import { WorkflowTable } from './workflow-table.tsx';
import styles from './workflows-page.module.css';

/** All workflows, with their status and recent activity. */
export function WorkflowsPage() {
  const [search, setSearch] = useState('');
  return (
    <>
      <TopBar
        title="Workflows"
        actions={
          <>
            <SearchBox value={search} onChange={setSearch} label="Search workflows" withPalette />
            <ImportButton />
            <ButtonLink className={styles.template} to="/templates" leftSection={<IconLayoutGrid size={16} stroke={1.7} />}>
              Use a template
            </ButtonLink>
            <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.8} />} onClick={askForNewWorkflow}>
              New workflow
            </Button>
          </>
        }
      />
      <div className={styles.page}>
        <List search={useDeferredValue(search.trim())} />
      </div>
    </>
  );
}

/** The list follows the runs of its workflows, at a readable pace. */
const REFRESH_MS = 1_500;

function List({ search }: { search: string }) {
  const { tag } = useSearch({ from: '/workflows' });
  const navigate = useNavigate();
  const choose = (chosen: string | undefined) => void navigate({ to: '/workflows', search: chosen === undefined ? {} : { tag: chosen } });
  const { data, error, refetch } = useWorkflows(search, tag);
  const client = useQueryClient();
  const refresh = useThrottled(() => void client.invalidateQueries({ queryKey: keys.workflows }), REFRESH_MS);
  useOnWorkflowRuns(
    (data ?? []).map(({ id }) => id),
    refresh,
  );
  if (error && !data) return <ErrorState title="Couldn’t load workflows" error={error} retry={() => void refetch()} />;
  const isFiltered = search !== '' || tag !== undefined;
  if (data?.length === 0 && !isFiltered) return <NoWorkflows />;
  return (
    <>
      {!isFiltered && (data ? <Figures workflows={data} /> : <FiguresSkeleton />)}
      <TagFilter tag={tag} onChange={choose} />
      {data?.length === 0 ? <NoMatch search={search} tag={tag} onReset={() => choose(undefined)} /> : <WorkflowTable workflows={data} onTag={choose} />}
    </>
  );
}

/** Shown once a workflow has a tag. */
function TagFilter({ tag, onChange }: { tag: string | undefined; onChange: (tag: string | undefined) => void }) {
  const { data: tags = [] } = useWorkflowTags();
  if (tags.length === 0 && tag === undefined) return null;
  const known = tags.some((one) => one.tag === tag) || tag === undefined ? tags : [...tags, { tag, count: 0 }];
  return (
    <div>
      <FilterMenu
        name="Tag"
        any="Any tag"
        Icon={IconTag}
        value={tag}
        options={known.map((one) => ({ value: one.tag, label: `${one.tag} (${one.count})` }))}
        onChange={onChange}
      />
    </div>
  );
}

function NoMatch({ search, tag, onReset }: { search: string; tag: string | undefined; onReset: () => void }) {
  const words = [...(search === '' ? [] : [`match “${search}”`]), ...(tag === undefined ? [] : [`are tagged “${tag}”`])].join(' and ');
  return (
    <EmptyState
      title={`No workflows ${words}`}
      text={tag === undefined ? 'Try a different search.' : 'Try a different search or tag.'}
      {...(tag !== undefined && { action: <Button onClick={onReset}>Show any tag</Button> })}
    />
  );
}
