import { Button } from '@mantine/core';
import { IconLayoutGrid, IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { keys } from '../api/keys.ts';
import { useCreateWorkflow } from '../api/make-workflow.ts';
import { useWorkflows } from '../api/queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
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
  const create = useCreateWorkflow();
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
            <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.8} />} loading={create.isPending} onClick={() => create.mutate()}>
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
  const { data, error, refetch } = useWorkflows(search);
  const client = useQueryClient();
  const refresh = useThrottled(() => void client.invalidateQueries({ queryKey: keys.workflows }), REFRESH_MS);
  useOnWorkflowRuns(
    (data ?? []).map(({ id }) => id),
    refresh,
  );
  if (error && !data) return <ErrorState title="Couldn’t load workflows" error={error} retry={() => void refetch()} />;
  if (data?.length === 0) {
    return search === '' ? <NoWorkflows /> : <EmptyState title={`No workflows match “${search}”`} text="Try a different search." />;
  }
  return (
    <>
      {search === '' && (data ? <Figures workflows={data} /> : <FiguresSkeleton />)}
      <WorkflowTable workflows={data} />
    </>
  );
}
