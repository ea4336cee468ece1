import { Button } from '@mantine/core';
import type { ExceptionPath } from '@switchyard/shared/contracts/evaluation/exception-paths.ts';
import { IconCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useChangeException, useOpenExceptions } from '../../api/evaluation/exception-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { PartLoading } from '../../frame/page-loading.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TimeAgo } from '../../ui/figures.tsx';
import { showFailure, showUndo } from '../../ui/toast.tsx';
import styles from './different-cases.module.css';

/** What workflows weren’t made for, as reviewers said: the paths that have no automation yet. */
export function DifferentCases({ workflowId }: { workflowId: string | undefined }) {
  const { data, error, refetch } = useOpenExceptions(workflowId);
  return (
    <section className={styles.page} aria-label="Different cases">
      <header className={styles.head}>
        <h2 className={styles.title}>Different cases</h2>
        <p className={styles.about}>Cases that reviewers marked as different. Each reason is an exception path without automation.</p>
      </header>
      {error && !data && <ErrorState title="Couldn’t load exception paths" error={error} retry={() => void refetch()} />}
      {!data && !error && <PartLoading />}
      {data?.length === 0 && (
        <EmptyState title="No different cases" text="When a reviewer chooses “This case is different” below a draft, the reason appears here." />
      )}
      <ul className={styles.list}>
        {data?.map((path) => (
          <Path key={path.id} path={path} />
        ))}
      </ul>
    </section>
  );
}

function Path({ path }: { path: ExceptionPath }) {
  const change = useChangeException();
  const set = (automated: boolean) =>
    change.mutate(
      { id: path.id, automated },
      {
        onSuccess: () => automated && showUndo(`“${path.reason}” marked as automated`, () => set(false)),
        onError: (error) => showFailure('Couldn’t update exception path', error),
      },
    );
  return (
    <li className={styles.path}>
      <span className={styles.count}>{path.count.toLocaleString('en')}</span>
      <div className={styles.what}>
        <p className={styles.reason} dir="auto">
          {path.reason}
        </p>
        <p className={styles.quiet}>
          {path.nodeTitle} in{' '}
          <Link to="/workflows/$id" params={{ id: path.workflowId }} className={styles.link}>
            {path.workflowName || 'a deleted workflow'}
          </Link>
          {path.last && (
            <>
              {' · last '}
              <Link to="/runs/$id" params={{ id: path.last.runId }} className={styles.link}>
                <TimeAgo at={path.last.at} />
              </Link>{' '}
              by {path.last.by}
            </>
          )}
        </p>
      </div>
      <Button size="xs" leftSection={<IconCheck size={14} stroke={2} />} loading={change.isPending} onClick={() => set(true)}>
        Mark as automated
      </Button>
    </li>
  );
}
