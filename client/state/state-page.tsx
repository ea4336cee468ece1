import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { STATE_SPACES, type StateSpace } from '@switchyard/shared/run/state-change.ts';
import { IconPlus } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useWorkflow } from '../api/queries.ts';
import { useStoredState } from '../api/state/state-queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { SearchBox } from '../frame/search-box.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ClearState } from './clear-state.tsx';
import styles from './state-page.module.css';
import { StateRow } from './state-row.tsx';
import { ValueForm } from './value-form.tsx';

const PARENT = { to: '/workflows', label: 'Workflows' } as const;
const LABELS: Readonly<Record<StateSpace, string>> = { live: 'Live', draft: 'Draft' };
const SPACES = STATE_SPACES.map((value) => ({ value, label: LABELS[value] }));

/** The values that runs of a workflow store for later runs. */
export function StatePage() {
  const { id } = useParams({ from: '/workflows/$id/state' });
  const { data: workflow } = useWorkflow(id);
  const [space, setSpace] = useState<StateSpace>('live');
  const [prefix, setPrefix] = useState('');
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <TopBar
        parent={PARENT}
        {...(workflow && { workflow })}
        title="State"
        state={
          <SegmentedControl
            aria-label="Values of"
            data={SPACES}
            value={space}
            onChange={(value) => {
              const chosen = STATE_SPACES.find((one) => one === value);
              if (chosen) setSpace(chosen);
            }}
          />
        }
        actions={
          <>
            <SearchBox value={prefix} onChange={setPrefix} label="Key starts with" />
            <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.8} />} onClick={() => setAdding(true)}>
              Set a value
            </Button>
          </>
        }
      />
      <div className={styles.page}>
        {isAdding && <ValueForm key={space} workflowId={id} space={space} onClose={() => setAdding(false)} />}
        <Values key={`${id} ${space}`} workflowId={id} space={space} prefix={prefix} />
      </div>
    </>
  );
}

function Values({ workflowId, space, prefix }: { workflowId: string; space: StateSpace; prefix: string }) {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useStoredState(workflowId, space, prefix);
  if (error && !data) return <ErrorState title="Couldn’t load state" error={error} retry={() => void refetch()} />;
  const [first] = data?.pages ?? [];
  if (!first) {
    return (
      <div role="status" aria-label="Loading state" className={styles.loading}>
        <Skeleton height={14} width="40%" />
      </div>
    );
  }
  const entries = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <ClearState workflowId={workflowId} space={space} keys={first.keys} seen={first.seen} />
      {entries.length === 0 ? (
        <NoValues space={space} isFiltered={first.keys > 0} />
      ) : (
        <ul className={styles.list} aria-label={space === 'live' ? 'Live values' : 'Draft values'}>
          {entries.map((entry) => (
            <StateRow key={entry.key} workflowId={workflowId} space={space} entry={entry} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <div className={styles.more}>
          <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

const NoValues = ({ space, isFiltered }: { space: StateSpace; isFiltered: boolean }) =>
  isFiltered ? (
    <EmptyState title="No key starts with this" text="Uppercase and lowercase differ." />
  ) : (
    <EmptyState
      title={space === 'live' ? 'No values yet' : 'No draft values yet'}
      text={
        space === 'live'
          ? 'State nodes store values for later runs. Values of published versions appear here.'
          : 'Values of draft and test runs appear here, separate from live ones.'
      }
    />
  );
