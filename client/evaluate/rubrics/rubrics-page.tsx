import { Button, Skeleton } from '@mantine/core';
import type { Rubric } from '@switchyard/shared/contracts/evaluation/rubrics.ts';
import { IconPlus } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useRubrics } from '../../api/evaluation/rubric-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { TopBar } from '../../frame/top-bar.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { RubricEditor } from './rubric-editor.tsx';
import styles from './rubrics.module.css';

const PARENT = { to: '/evaluate/datasets', label: 'Evaluate' } as const;

/** Rubrics: the list, and the open one beside it. */
export function RubricsPage() {
  const search = useSearch({ from: '/evaluate/rubrics' });
  const navigate = useNavigate({ from: '/evaluate/rubrics' });
  const { data, error, refetch } = useRubrics();
  const open = (rubric: string | undefined) => void navigate({ search: ({ dataset }) => ({ ...(dataset && { dataset }), ...(rubric && { rubric }) }) });
  const shown = search.rubric ?? data?.[0]?.id;
  const rubric = data?.find(({ id }) => id === shown);
  return (
    <>
      <TopBar
        parent={PARENT}
        title="Rubrics"
        actions={
          <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.8} />} onClick={() => open('new')}>
            New rubric
          </Button>
        }
      />
      {error && !data && <ErrorState title="Couldn’t load rubrics" error={error} retry={() => void refetch()} />}
      {!data && !error && (
        <div className={styles.loading} role="status" aria-label="Loading rubrics">
          <Skeleton height={14} width="40%" />
        </div>
      )}
      {data && data.length === 0 && shown !== 'new' && (
        <EmptyState
          title="No rubrics yet"
          text="A rubric tells a model how to judge an output. Write one, then compare it with human judgments of the same outputs before you rely on it."
          action={
            <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.8} />} onClick={() => open('new')}>
              Write a rubric
            </Button>
          }
        />
      )}
      {data && (data.length > 0 || shown === 'new') && (
        <div className={styles.page}>
          {data.length > 0 && <RubricList rubrics={data} shown={shown} />}
          {shown === 'new' || rubric ? (
            <RubricEditor key={rubric?.id ?? 'new'} rubric={rubric} onSaved={open} onDeleted={() => open(undefined)} />
          ) : (
            <EmptyState title="Rubric not found" text="It may have been deleted." />
          )}
        </div>
      )}
    </>
  );
}

function RubricList({ rubrics, shown }: { rubrics: readonly Rubric[]; shown: string | undefined }) {
  return (
    <ul className={styles.list} aria-label="Rubrics">
      {rubrics.map(({ id, name, route }) => (
        <li key={id} className={styles.row} data-open={id === shown || undefined}>
          <Link
            to="/evaluate/rubrics"
            search={({ dataset }) => ({ rubric: id, ...(dataset && { dataset }) })}
            className={styles.name}
            aria-current={id === shown || undefined}
          >
            {name}
          </Link>
          <span className={styles.quiet}>judged by {route}</span>
        </li>
      ))}
    </ul>
  );
}
